// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Linux
import Testing

/// Everything here happens in network namespaces that the tests make.
@Suite("Network", .enabled(if: mayAdministerNetwork, "making network namespaces is not permitted here"))
struct NetworkTests {
    @Test("A pair of interfaces is made in a namespace, seen there and not here")
    func pair() throws {
        let namespace = try NetworkNamespace.create()
        let names = try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            try Interfaces.createPair("skepA", "skepB")
            try Interfaces.setUp(Interfaces.index(named: "skepA"))
            try Interfaces.addAddress([10, 1, 0, 1], prefixLength: 24, to: Interfaces.index(named: "skepA"))
            return try Interfaces.all()
        }
        #expect(Set(names.map(\.name)) == ["lo", "skepA", "skepB"])
        #expect(names.first { $0.name == "skepA" }?.kind == "veth")
        #expect(names.first { $0.name == "skepA" }?.isUp == true)
        #expect(throws: LinuxError.self) { try Interfaces.index(named: "skepA") }
    }

    @Test("The discipline for programs is added once and removed with its programs")
    func trafficControl() throws {
        let namespace = try NetworkNamespace.create()
        var log: VerifierLog?
        let program = try BPFSystemCall.loadProgram(
            ProgramLoad(kind: 3, license: "GPL"),
            instructions: [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0], log: &log)
        let number = program.rawValue
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            try Interfaces.createPair("skepA", "skepB")
            let index = try Interfaces.index(named: "skepA")
            #expect(try TrafficControl.addDiscipline(to: index))
            #expect(try !TrafficControl.addDiscipline(to: index))
            let filter = try TrafficControl.attach(
                program: number, at: .init(interface: index, direction: .ingress), name: "skep")
            #expect(filter.priority != 0)
            #expect(filter.handle != 0)
            let second = try TrafficControl.attach(
                program: number, at: .init(interface: index, direction: .egress, priority: 7, handle: 3),
                name: "skep")
            #expect(second.handle == 3)
            try TrafficControl.detach(filter)
            try TrafficControl.detach(second)
            do throws(LinuxError) {
                try TrafficControl.detach(filter)
                Issue.record("the filter must be gone")
            } catch {
                #expect(error.errno == .noSuchFileOrDirectory)
            }
            try TrafficControl.removeDiscipline(from: index)
        }
    }

    @Test("An XDP program is set and removed without a link")
    func xdp() throws {
        let namespace = try NetworkNamespace.create()
        var log: VerifierLog?
        let program = try BPFSystemCall.loadProgram(
            ProgramLoad(kind: 6, license: "GPL"),
            instructions: [0xb7, 0, 0, 0, 2, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0], log: &log)
        let number = program.rawValue
        let id = try BPFSystemCall.programInformation(of: number).id
        try NetworkNamespace.descriptor(namespace.rawValue).run { () throws(LinuxError) in
            try Interfaces.createPair("skepA", "skepB")
            let index = try Interfaces.index(named: "skepA")
            try InterfacePrograms.setXDP(number, on: index, flags: 1)
            #expect(try Interfaces.interface(index).xdpProgram == id)
            try InterfacePrograms.setXDP(nil, on: index, flags: 0, expected: number)
            #expect(try Interfaces.interface(index).xdpProgram == nil)
        }
    }

    @Test("A missing interface is an error with its name")
    func missing() throws {
        do {
            _ = try Interfaces.index(named: "skep-none")
            Issue.record("there is no such interface")
        } catch {
            #expect(error.errno == .noSuchDevice)
            #expect(error.chain.contains("skep-none"))
        }
    }
}
