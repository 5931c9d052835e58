// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF
import Bytes
import Linux

/// Loads small programs to find out what the kernel takes.
enum ProbeProgram {
    /// `r0 = 0; exit`
    static let minimal = [
        Instruction(opcode: 0xb7, destination: 0, source: 0, offset: 0, immediate: 0), exit,
    ]
    static let exit = Instruction(opcode: 0x95, destination: 0, source: 0, offset: 0, immediate: 0)

    /// What a load answered.
    struct Answer: ~Copyable {
        /// The program's descriptor, valid as long as this value lives.
        let number: Int32?
        let error: LinuxError?
        let log: String
        private let program: FileDescriptor?

        init(_ program: consuming FileDescriptor) {
            number = program.rawValue
            self.program = consume program
            error = nil
            log = ""
        }

        init(_ error: LinuxError, log: String) {
            number = nil
            program = nil
            self.error = error
            self.log = log
        }

        var outcome: ProbeOutcome { .judge(error, log: log) }
    }

    /// Loads a program of a kind.
    static func load(
        kind: UInt32, attachType: UInt32 = 0, target: UInt32 = 0, flags: UInt32 = 0,
        _ instructions: [Instruction] = minimal
    ) -> Answer {
        var load = ProgramLoad(kind: kind, name: "skep_probe", license: "GPL")
        load.expectedAttachType = attachType
        load.attachType = target
        load.flags = flags
        if kind == 2 { load.kernelVersion = KernelVersion.current.code }
        let bytes = Instruction.encode(instructions, order: .host)
        // Without a log first: a log that does not fit would fail a program that is fine.
        var log: VerifierLog?
        do throws(LinuxError) {
            return Answer(try BPFSystemCall.loadProgram(load, instructions: bytes, log: &log))
        } catch {
            log = VerifierLog(level: 1, capacity: 64 << 10)
            _ = try? BPFSystemCall.loadProgram(load, instructions: bytes, log: &log)
            return Answer(error, log: log?.text ?? "")
        }
    }

    /// The attach type that a kind must know when it is loaded; 0 where any will do.
    static func attachType(of kind: UInt32) -> UInt32 {
        switch kind {
        case 18: 10  // cgroup_sock_addr: BPF_CGROUP_INET4_CONNECT
        case 25: 21  // cgroup_sockopt: BPF_CGROUP_GETSOCKOPT
        case 26: 23  // tracing: BPF_TRACE_RAW_TP
        case 29: 27  // lsm: BPF_LSM_MAC
        case 30: 36  // sk_lookup: BPF_SK_LOOKUP
        case 32: 45  // netfilter: BPF_NETFILTER
        default: 0
        }
    }

    /// The type that a kind must attach to, from the kernel's own types; `nil` when it has none of the names.
    static func target(_ names: [String], _ kind: BTFKind) -> UInt32? {
        guard let types = try? KernelTypes.running.core() else { return nil }
        for name in names {
            if let id = types.firstID(named: name, kind: kind) { return id.rawValue }
        }
        return nil
    }

    /// Loads a program of a kind with what the kind needs, such as a target.
    static func load(minimal kind: UInt32, _ instructions: [Instruction] = minimal) -> Answer {
        switch kind {
        case 26:
            guard let target = target(["btf_trace_sched_process_exec", "btf_trace_sys_enter"], .typedef) else {
                return missingTypes
            }
            return load(kind: kind, attachType: 23, target: target, instructions)
        case 29:
            guard let target = target(["bpf_lsm_file_open"], .function) else { return missingTypes }
            return load(kind: kind, attachType: 27, target: target, instructions)
        case 31:
            return load(kind: kind, flags: 1 << 4, instructions)  // BPF_F_SLEEPABLE
        default:
            return load(kind: kind, attachType: attachType(of: kind), instructions)
        }
    }

    private static var missingTypes: Answer {
        Answer(LinuxError(.invalidArgument, call: "bpf(BPF_PROG_LOAD)"), log: "")
    }
}
