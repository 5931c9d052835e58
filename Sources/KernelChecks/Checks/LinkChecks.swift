// SPDX-License-Identifier: Apache-2.0

import BPF
import CheckWorkload
import Linux

extension KernelCheck {
    /// Links are listed, opened, pinned, updated and ended.
    static let linkChecks = [
        KernelCheck(
            "links are listed, opened by number, updated and ended",
            subject: .feature("links: listing, opening, updating, ending")
        ) {
            let first = try CheckObject.load("interfaces", programs: ["count"])
            let second = try CheckObject.load("interfaces", programs: ["count"])
            let program = try first.program(named: "count")
            let network = try CheckNetwork()
            let link = try program.attach(network.options(for: "skep-b"))
            let information = try link.information
            try expectSame(information.kind, .xdp, "the kind")
            try expectSame(information.programID, try program.id, "the program")
            let index = try network.run("the interface") { () throws(LinuxError) in
                Int(try Interfaces.index(named: "skep-b"))
            }
            try expectSame(information.target, .interface(index: UInt32(index), attachType: 37), "the target")
            try expect(try LiveObjects.linkIDs().contains(information.id), "the link is not in the list")
            let other = try Link(id: information.id)
            try expectSame(try other.information, information, "the information of the same link")
            do throws(BPFError) {
                try other.update(to: second.program(named: "count"), replacing: second.program(named: "count"))
                return .failed("a program that is not attached was replaced")
            } catch {
                try expectSame(error.code, .invalidArgument, "the error of replacing another program: \(error.report)")
            }
            try other.update(to: second.program(named: "count"), replacing: program)
            try network.send(10, from: "skep-a")
            try reach(10) { try second.number("hits") }
            // The attachment ends although two descriptors hold the link.
            try link.disconnect()
            try network.send(5, from: "skep-a")
            try expectSame(try second.number("hits"), 10, "frames after the link was detached")
            try expectSame(try other.information.target, .interface(index: 0, attachType: 37), "the target afterwards")
            do throws(BPFError) {
                _ = try Link(id: 0x7fff_fff0)
                return .failed("there is a link of any number")
            } catch {
                try expectSame(error.code, .notFound, "the error of a missing link")
            }
            return .passed
        },
        KernelCheck("a pinned link outlives its owner and is opened by its path", subject: .feature("pinned links")) {
            let folder = "/tmp/skep-check-pins-\(Processes.current)"
            try Files.makeDirectory(folder)
            defer { try? Directory.remove(folder) }
            try BPFFileSystem.mount(at: folder)
            defer { try? BPFFileSystem.unmount(folder) }
            let object = try CheckObject.load("interfaces", programs: ["count"])
            let network = try CheckNetwork()
            let link = try object.program(named: "count").attach(network.options(for: "skep-b"))
            let id = try link.information.id
            try link.pin(at: "\(folder)/link")
            link.detach()
            try network.send(10, from: "skep-a")
            try reach(10) { try object.number("hits") }
            let opened = try Link(pinnedAt: "\(folder)/link")
            try expectSame(try opened.information.id, id, "the number of the link")
            try Files.remove("\(folder)/link")
            opened.detach()
            // A pin that is removed holds its link until the kernel has freed the file.
            for _ in 0..<100 where try LiveObjects.linkIDs().contains(id) { skep_workload_sleep(20) }
            try network.send(5, from: "skep-a")
            try expectSame(try object.number("hits"), 10, "frames after the pin was removed")
            try object.program(named: "count").pin(at: "\(folder)/program")
            do throws(BPFError) {
                _ = try Link(pinnedAt: "\(folder)/program")
                return .failed("a program was opened as a link")
            } catch {
                try expectSame(error.code, .invalidArgument, "the error of opening a program")
            }
            try Files.remove("\(folder)/program")
            return .passed
        },
        KernelCheck(
            "a link tells its tracepoint and its cookie", minimumKernel: "6.9",
            subject: .feature("links that tell their cookies")
        ) {
            let object = try CheckObject.load("tracing", programs: ["tracepoint"])
            let program = try object.program(named: "tracepoint")
            var options = AttachOptions()
            options.cookie = 4711
            let link = try program.attach(options)
            guard case .tracepoint(let name, let cookie)? = try link.allInformation().first?.target else {
                throw BPFError(.notSupported, "links do not tell their tracepoints before Linux 6.9")
            }
            try expect(program.spec.target?.hasSuffix(name) ?? false, "the tracepoint is \(name)")
            try expectSame(cookie, 4711, "the cookie")
            return .passed
        },
    ]
}
