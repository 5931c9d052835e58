// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import BTF
import Bytes
import Linux

/// The number of a process as eBPF programs see it.
///
/// Programs see the numbers of the first pid namespace (`task->tgid`), while a caller inside a container knows its own.
///
/// ```swift
/// let number = try ProcessNumber.inKernel(of: 42)
/// ```
public enum ProcessNumber {
    /// The inode of the first pid namespace: `PROC_PID_INIT_INO` of `include/linux/proc_ns.h`.
    private static let firstNamespace: UInt64 = 0xefff_fffc

    /// Translates a process's number from the caller's pid namespace to the kernel's own.
    ///
    /// Inside another namespace than the first, an iterator over the process's threads tells it; nothing stays loaded.
    ///
    /// - Throws: ``BPFError`` when there is no such process, or the kernel cannot tell.
    /// - Note: in another namespace Linux 6.1 (`bpf_iter_link_info.task`), `kernel/bpf/task_iter.c`.
    public static func inKernel(of process: Int32) throws(BPFError) -> Int32 {
        guard Processes.exists(process) else {
            throw BPFError(.notFound, "there is no process \(process)")
        }
        guard let namespace = try? Processes.processNamespace(), namespace.inode != firstNamespace else {
            return process
        }
        do throws(LinuxError) {
            if let number = try iterate(process) { return number }
        } catch {
            throw BPFError.system(error, "cannot tell which process \(process) is for the kernel")
        }
        throw BPFError(.notFound, "there is no process \(process)")
    }

    private static func iterate(_ process: Int32) throws(LinuxError) -> Int32? {
        let missing = LinuxError(.notSupported, call: "bpf(BPF_PROG_LOAD)")
        guard let types = try? KernelTypes.running.core(),
            let target = types.firstID(named: "bpf_iter_task", kind: .function),
            let offset = offset(of: "tgid", in: "task_struct", types)
        else { throw missing }
        var load = ProgramLoad(kind: 26, name: "skep_number", license: "GPL")  // BPF_PROG_TYPE_TRACING
        load.expectedAttachType = 28  // BPF_TRACE_ITER
        load.attachType = target.rawValue
        var log: VerifierLog?
        let code = Instruction.encode(instructions(offset), order: .host)
        let program = try BPFSystemCall.loadProgram(load, instructions: code, log: &log)
        // union bpf_iter_link_info: task.tid, task.pid, task.pid_fd.
        var information: [UInt8] = []
        for word in [0, UInt32(bitPattern: process), 0, 0] { information.append(word, order: .host) }
        let link = try BPFSystemCall.createLink(
            LinkCreation(program: program.rawValue, target: 0, attachType: 28, detail: .iterator(information)))
        let iterator = try BPFSystemCall.createIterator(link: link.rawValue)
        var answer: UInt32 = 0
        let count = try withUnsafeMutableBytes(of: &answer) { buffer throws(LinuxError) in
            try iterator.read(into: buffer)
        }
        return count == 4 ? Int32(bitPattern: answer) : nil
    }

    /// Writes `task->tgid` of each task: `struct bpf_iter__task { struct bpf_iter_meta *meta; struct task_struct *task; }`.
    private static func instructions(_ tgid: Int16) -> [Instruction] {
        func instruction(_ opcode: UInt8, _ destination: UInt8, _ source: UInt8, _ offset: Int16, _ immediate: Int32)
            -> Instruction
        {
            Instruction(
                opcode: opcode, destination: destination, source: source, offset: offset, immediate: immediate)
        }
        return [
            instruction(0x79, 6, 1, 0, 0),  // r6 = ctx->meta
            instruction(0x79, 7, 1, 8, 0),  // r7 = ctx->task
            instruction(0x15, 7, 0, 7, 0),  // the end of the iteration has no task
            instruction(0x61, 2, 7, tgid, 0),  // r2 = task->tgid
            instruction(0x63, 10, 2, -8, 0),  // *(u32 *)(r10 - 8) = r2
            instruction(0x79, 1, 6, 0, 0),  // r1 = meta->seq
            instruction(0xbf, 2, 10, 0, 0),
            instruction(0x07, 2, 0, 0, -8),  // r2 = r10 - 8
            instruction(0xb7, 3, 0, 0, 4),
            instruction(0x85, 0, 0, 0, 127),  // bpf_seq_write(seq, &tgid, 4)
            instruction(0xb7, 0, 0, 0, 0),
            ProbeProgram.exit,
        ]
    }

    private static func offset(of member: String, in structure: String, _ types: BTFTable) -> Int16? {
        guard let id = types.firstID(named: structure, kind: .structure),
            case .structure(let type)? = try? types.type(id),
            let found = type.members.first(where: { $0.name == member })
        else { return nil }
        return Int16(exactly: found.bitOffset / 8)
    }
}
