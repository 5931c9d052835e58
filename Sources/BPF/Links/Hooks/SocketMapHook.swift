// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Linux

/// What the sockets of a map send and receive: `sk_msg`, `sk_skb/stream_parser`, `sk_skb/stream_verdict`, `sk_skb/verdict`.
///
/// - Note: a link since Linux 6.10, `BPF_PROG_ATTACH` before (4.14, `sk_msg` 4.17, `sk_skb/verdict` 5.13);
///   `net/core/sock_map.c`. `sk_skb` alone is a stream verdict.
enum SocketMapHook: Hook {
    static let families: [HookFamily] = [.socketMap]

    private static let linkRequirement = KernelRequirement(what: "links to maps of sockets", version: "6.10")
    private static let verdictRequirement = KernelRequirement(what: "sk_skb/verdict programs", version: "5.13")

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        guard let map = options.socketMap else {
            throw BPFError(
                .invalidArgument, "the program \(program.name) is attached to a map of sockets, but none is given",
                hint: "set the option socketMap to a map of the kind sockmap or sockhash")
        }
        guard map.kind == .socketMap || map.kind == .socketHash else {
            throw BPFError(
                .invalidArgument, "the map \(map.name) is a \(map.kind), not a map of sockets",
                hint: "use a map of the kind sockmap or sockhash")
        }
        let attachType = program.spec.hook?.expectedAttachType ?? 5
        let description = "the sockets of \(map.name)"
        if options.mechanism != .classic {
            do throws(LinuxError) {
                let link = try BPFSystemCall.createLink(
                    LinkCreation(
                        program: program.rawDescriptor, targetDescriptor: map.rawDescriptor, attachType: attachType))
                return Link(description, descriptor: link)
            } catch {
                guard let lack = linkRequirement.explaining(error) else { throw explain(error, program, map) }
                if options.mechanism == .link { throw lack }
                // The kernel is too old for links: the classic way does the same.
            }
        }
        do throws(LinuxError) {
            return Link(description, parts: [LinkPart(try SocketMapAttachment(program, map, attachType))])
        } catch {
            throw explain(error, program, map)
        }
    }

    private static func explain(_ error: LinuxError, _ program: Program, _ map: UntypedMap) -> BPFError {
        if program.spec.hook?.name == "sk_skb/verdict", let lack = verdictRequirement.explaining(error) { return lack }
        if error.errno == .busy {
            return BPFError(
                .system, "the map \(map.name) has another \(program.spec.hook?.name ?? "") program already",
                hint: "a map has one program of each kind, and either stream_verdict or verdict", cause: error)
        }
        return program.attachError(error, to: "the sockets of \(map.name)")
    }
}

/// A program that `BPF_PROG_ATTACH` attached to a map.
private final class SocketMapAttachment: ManualAttachment {
    private let program: AttachedProgram
    private let map: UntypedMap
    private let attachType: UInt32

    init(_ program: Program, _ map: UntypedMap, _ attachType: UInt32) throws(LinuxError) {
        self.program = AttachedProgram(program)
        self.map = map
        self.attachType = attachType
        try BPFSystemCall.attach(request(program))
    }

    func end() {
        try? BPFSystemCall.detach(request(program.current))
    }

    func update(to new: Program, replacing expected: Program?) throws(LinuxError) {
        try program.replace(with: new, expecting: expected) { _ throws(LinuxError) in
            try BPFSystemCall.attach(request(new))
        }
    }

    private func request(_ program: Program) -> ProgramAttachment {
        ProgramAttachment(
            program: program.rawDescriptor, target: UInt32(bitPattern: map.rawDescriptor), attachType: attachType)
    }
}
