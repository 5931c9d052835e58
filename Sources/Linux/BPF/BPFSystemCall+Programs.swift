// SPDX-License-Identifier: Apache-2.0

import CLinux

extension BPFSystemCall {
    /// Verifies and loads a program (`BPF_PROG_LOAD`, Linux 3.18).
    ///
    /// - Parameters:
    ///   - load: everything but the instructions.
    ///   - instructions: `struct bpf_insn` records of 8 bytes in the machine's byte order.
    ///   - log: room for the verifier's log, or `nil` for none, which is faster; filled also when the call fails.
    /// - Throws: `EINVAL` and `EACCES` when the verifier refuses, `E2BIG` for too many instructions or a field that the
    ///   kernel does not know, `ENOSPC` when the log did not fit (before Linux 6.4), `EPERM` without rights.
    public static func loadProgram(
        _ load: ProgramLoad, instructions: [UInt8], log: inout VerifierLog?
    ) throws(LinuxError) -> FileDescriptor {
        let answer = instructions.withUnsafeBytes { loadAnswer(load, $0, &log) }
        return try descriptor(answer, .loadProgram)
    }

    /// Verifies and loads a program from instructions in memory; see
    /// ``loadProgram(_:instructions:log:)-([UInt8])``.
    public static func loadProgram(
        _ load: ProgramLoad, instructions: UnsafeRawBufferPointer, log: inout VerifierLog?
    ) throws(LinuxError) -> FileDescriptor {
        try descriptor(loadAnswer(load, instructions, &log), .loadProgram)
    }

    private static func loadAnswer(
        _ load: ProgramLoad, _ instructions: UnsafeRawBufferPointer, _ log: inout VerifierLog?
    ) -> Int {
        var attributes = skep_program_load()
        attributes.prog_type = load.kind
        attributes.insn_cnt = UInt32(clamping: instructions.count / 8)
        attributes.insns = address(instructions.baseAddress)
        attributes.kern_version = load.kernelVersion
        attributes.prog_flags = load.flags
        ObjectName.write(load.name, into: &attributes.prog_name)
        attributes.prog_ifindex = load.interfaceIndex
        attributes.expected_attach_type = load.expectedAttachType
        attributes.prog_btf_fd = number(load.btf)
        attributes.attach_btf_id = load.attachType
        attributes.attach_fd = number(load.attachTarget)
        if let token = load.token {
            attributes.prog_token_fd = token
            attributes.prog_flags |= 1 << 16  // BPF_F_TOKEN_FD
        }
        return withPointers(load, &attributes) { attributes in
            withLog(&log, &attributes)
        }
    }

    /// Keeps every array of the description in place during the call.
    private static func withPointers(
        _ load: ProgramLoad, _ attributes: inout skep_program_load, _ body: (inout skep_program_load) -> Int
    ) -> Int {
        load.license.withCString { license in
            load.functionInformation.withUnsafeBytes { functions in
                load.lineInformation.withUnsafeBytes { lines in
                    load.fileDescriptors.withUnsafeBytes { descriptors in
                        load.signature.withUnsafeBytes { signature in
                            attributes.license = address(UnsafeRawPointer(license))
                            if !functions.isEmpty, load.functionInformationRecordSize > 0 {
                                attributes.func_info = address(functions.baseAddress)
                                attributes.func_info_rec_size = load.functionInformationRecordSize
                                attributes.func_info_cnt =
                                    UInt32(clamping: functions.count) / load.functionInformationRecordSize
                            }
                            if !lines.isEmpty, load.lineInformationRecordSize > 0 {
                                attributes.line_info = address(lines.baseAddress)
                                attributes.line_info_rec_size = load.lineInformationRecordSize
                                attributes.line_info_cnt =
                                    UInt32(clamping: lines.count) / load.lineInformationRecordSize
                            }
                            if !descriptors.isEmpty {
                                attributes.fd_array = address(descriptors.baseAddress)
                                if load.declaresFileDescriptorCount {
                                    attributes.fd_array_cnt = UInt32(clamping: load.fileDescriptors.count)
                                }
                            }
                            if !signature.isEmpty {
                                attributes.signature = address(signature.baseAddress)
                                attributes.signature_size = UInt32(clamping: signature.count)
                                attributes.keyring_id = load.keyring
                            }
                            return body(&attributes)
                        }
                    }
                }
            }
        }
    }

    private static func withLog(_ log: inout VerifierLog?, _ attributes: inout skep_program_load) -> Int {
        guard var filled = log else { return call(.loadProgram, &attributes) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: filled.capacity, alignment: 8)
        defer { buffer.deallocate() }
        if !buffer.isEmpty { buffer[0] = 0 }
        attributes.log_level = filled.level
        attributes.log_size = UInt32(clamping: buffer.count)
        attributes.log_buf = address(buffer.baseAddress)
        // The kernel writes log_true_size only when the attributes cover it.
        let covered = (MemoryLayout<skep_program_load>.offset(of: \.log_true_size) ?? 140) + 4
        let answer = call(.loadProgram, &attributes, minimumSize: covered)
        filled.finish(UnsafeRawBufferPointer(buffer), trueSize: attributes.log_true_size, answer: answer)
        log = filled
        return answer
    }

    /// Checks and loads BTF (`BPF_BTF_LOAD`, Linux 4.18).
    ///
    /// - Parameters:
    ///   - bytes: the `.BTF` data.
    ///   - log: room for the log of the check, or `nil` for none.
    ///   - token: the descriptor of a BPF token (Linux 6.9).
    public static func loadBTF(
        _ bytes: UnsafeRawBufferPointer, log: inout VerifierLog?, token: Int32? = nil
    ) throws(LinuxError) -> FileDescriptor {
        var attributes = skep_btf_load()
        attributes.btf = address(bytes.baseAddress)
        attributes.btf_size = UInt32(clamping: bytes.count)
        if let token {
            attributes.btf_token_fd = token
            attributes.btf_flags |= 1 << 16  // BPF_F_TOKEN_FD
        }
        guard var filled = log else { return try descriptor(call(.loadBTF, &attributes), .loadBTF) }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: filled.capacity, alignment: 8)
        defer { buffer.deallocate() }
        if !buffer.isEmpty { buffer[0] = 0 }
        attributes.btf_log_level = filled.level
        attributes.btf_log_size = UInt32(clamping: buffer.count)
        attributes.btf_log_buf = address(buffer.baseAddress)
        let covered = (MemoryLayout<skep_btf_load>.offset(of: \.btf_log_true_size) ?? 28) + 4
        let answer = call(.loadBTF, &attributes, minimumSize: covered)
        filled.finish(UnsafeRawBufferPointer(buffer), trueSize: attributes.btf_log_true_size, answer: answer)
        log = filled
        return try descriptor(answer, .loadBTF)
    }

    /// Checks and loads BTF from an array; see ``loadBTF(_:log:token:)-(UnsafeRawBufferPointer,_,_)``.
    public static func loadBTF(
        _ bytes: [UInt8], log: inout VerifierLog?, token: Int32? = nil
    ) throws(LinuxError) -> FileDescriptor {
        // Typed errors do not pass through `withUnsafeBytes`, so the bytes get memory of their own.
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 8)
        defer { copy.deallocate() }
        copy.copyBytes(from: bytes)
        return try loadBTF(UnsafeRawBufferPointer(copy), log: &log, token: token)
    }
}
