// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import Bytes
import CheckWorkload
import Diagnostics
import Linux
import ServiceRuntime

extension KernelCheck {
    /// Objects are adapted to the kernel they are loaded into, and a refusal is explained.
    static let loadingChecks = [
        KernelCheck(
            "configuration, symbols and the layout of types are the running kernel's",
            subject: .feature("CO-RE and externals")
        ) {
            let object = try CheckObject.load("kernel")
            let link = try object.program(named: "look").attach()
            skep_workload_get_parent(1)
            link.detach()
            try expectSame(try object.number("calls"), 1, "calls")
            try expectSame(try object.number("version"), UInt64(KernelVersion.current.code), "the kernel's version")
            try expect(try object.number("symbol") != 0, "bpf_prog_put has no address")
            try expectSame(try object.number("missing_symbol"), 0, "the address of what is missing")
            try expectSame(try object.number("process"), UInt64(Processes.current), "the process")
            try expectSame(try object.number("thread"), UInt64(Processes.currentThread), "the thread")
            try expectSame(try object.number("leader"), UInt64(Processes.current), "the process's first thread")
            try expectSame(try object.number("has_member"), 0, "a member that no kernel has")
            try expectSame(try object.number("has_type"), 0, "a type that no kernel has")
            let size = try object.number("size_of_task")
            try expect(size > 1024 && size < 65536, "a task has \(size) bytes")
            return .passed
        },
        KernelCheck("types that an old kernel does not know are lowered, and only then") {
            // The types of rows, found in the debug information, become declaration tags.
            let service = try PreparedService(.object(path: "\(CheckObject.folder)/types.o"))
            var spec = service.spec
            try spec.setVariable("target", to: UInt32(truncatingIfNeeded: Processes.currentThread))
            try expectSame(spec.streams.first?.rows.count, 1, "row types of the stream")
            let object = try LoadedObject(spec)
            var isLowered = false
            for entry in object.report.entries {
                switch entry {
                case .loweredTypes: isLowered = true
                case .noTypes(let reason): return .failed("the kernel takes no types: \(reason)")
                case .untypedMap(let name): return .failed("the map \(name) has no types")
                default: break
                }
            }
            try expectSame(isLowered, KernelVersion.current < "6.0", "whether types were lowered")
            let link = try object.program(named: "fill").attach()
            skep_workload_get_parent(3)
            link.detach()
            let value = try object.map(named: "typed").value(for: [1, 0, 0, 0]) ?? []
            let bytes = OwnedBytes(value)
            try expectSame(bytes.span.integer(at: 0, as: UInt64.self, order: .host), 0x1_0000_0000, "the enumeration")
            try expectSame(bytes.span.integer(at: 16, as: UInt32.self, order: .host), 42, "the number")
            var ring = try RingBuffer(object.map(named: "events"))
            let records = ring.drain { _ in }
            try expectSame(records, 3, "records")
            return .passed
        },
        KernelCheck(
            "the verifier's refusal names the source line, the register and what to do",
            subject: .feature("explained refusals of the verifier")
        ) {
            do throws(BPFError) {
                let spec: ObjectSpec
                do {
                    spec = try CheckObject.spec("rejected")
                } catch {
                    return .failed("\(error)")
                }
                _ = try LoadedObject(spec)
                return .failed("it was loaded")
            } catch {
                try expectSame(error.code, .rejected, "the error's code")
                for text in ["*value += 1;", "rejected.bpf.c:"] {
                    try expect(error.report.contains(text), "the report lacks \(text): \(error.report)")
                }
                try expect(error.hint?.contains("NULL") == true, "the hint is \(error.hint ?? "missing")")
                return .passed
            }
        },
        KernelCheck("a callback is called for every entry", minimumKernel: "5.13") {
            let object = try CheckObject.load("callback")
            let link = try object.program(named: "walk").attach()
            skep_workload_get_parent(3)
            link.detach()
            try expectSame(try object.number("visited"), 48, "visited entries")
            return .passed
        },
        KernelCheck("a pinned map is found again by its name and keeps its entries", subject: .feature("pinned maps")) {
            let folder = try BPFFileSystem.detached()
            var options = LoadOptions()
            options.pinDirectory = folder.path
            for expected in [5, 10] as [UInt64] {
                let object = try LoadedObject(try CheckObject.spec("pinned"), options: options)
                let link = try object.program(named: "count").attach()
                skep_workload_get_parent(5)
                link.detach()
                let value = try Map<UInt32, UInt64>(object.map(named: "kept")).value(for: 0)
                try expectSame(value, expected, "the pinned map's value")
            }
            return .passed
        },
        KernelCheck("a function whose context is told by a tag serves programs of several kinds") {
            let object = try CheckObject.load("objects")
            var options = TestRunOptions(data: [UInt8](repeating: 0, count: 64))
            options.repetitions = 1
            let tc = try object.program(named: "context_tc").testRun(options)
            try expectSame(tc.returnValue, 7, "what the tc program returned")
            let xdp = try object.program(named: "context_xdp").testRun(options)
            try expectSame(xdp.returnValue, 2, "what the XDP program returned")
            return .passed
        },
        KernelCheck("an exception's callback decides what the program returns") {
            let object = try CheckObject.load("objects", programs: ["throwing"])
            var options = TestRunOptions(data: [UInt8](repeating: 0, count: 64))
            options.repetitions = 1
            let outcome = try object.program(named: "throwing").testRun(options)
            let canThrow = !object.report.entries.contains { entry in
                if case .missingWeakSymbol("bpf_throw") = entry { true } else { false }
            }
            try expectSame(canThrow, KernelVersion.current >= "6.7", "whether this kernel has bpf_throw()")
            try expectSame(outcome.returnValue, canThrow ? 42 : 5, "what the program returned")
            return .passed
        },
    ]
}
