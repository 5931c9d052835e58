// SPDX-License-Identifier: Apache-2.0

import CLinux

/// What the kernel tells about a loaded program (`struct bpf_prog_info`, Linux 4.13).
///
/// Fields that the kernel is too old for, or hides without rights, are zero or empty.
public struct ProgramInformation: Sendable, Hashable {
    /// `enum bpf_prog_type`.
    public let kind: UInt32
    /// The number while it is loaded.
    public let id: UInt32
    /// A digest of the instructions, 8 bytes.
    public let tag: [UInt8]
    /// Up to 15 bytes.
    public let name: String
    /// The numbers of the maps it uses.
    public let mapIDs: [UInt32]
    /// When it was loaded: nanoseconds since boot, with suspended time (`CLOCK_BOOTTIME`).
    public let loadTime: UInt64
    /// The user who loaded it.
    public let userID: UInt32
    /// Whether its licence is compatible with the GPL.
    public let isGPLCompatible: Bool
    /// The number of its BTF; 0 for none.
    public let btfID: UInt32
    /// Bytes of machine code.
    public let jitedSize: UInt32
    /// Bytes of instructions after the verifier's changes.
    public let translatedSize: UInt32
    /// Run time in nanoseconds, while statistics are enabled (Linux 5.1).
    public let runTime: UInt64
    /// Runs, while statistics are enabled.
    public let runCount: UInt64
    /// Runs that did not happen because the program was already running on the CPU (Linux 5.12).
    public let recursionMisses: UInt64
    /// Instructions that the verifier walked (Linux 5.16).
    public let verifiedInstructions: UInt32
    /// The BTF object and the type that it was loaded to attach to (Linux 5.17).
    public var attachBTF: (object: UInt32, type: UInt32) { (attachObject, attachType) }

    private let attachObject: UInt32
    private let attachType: UInt32

    init(_ raw: skep_program_information, mapIDs: [UInt32]) {
        kind = raw.type
        id = raw.id
        tag = withUnsafeBytes(of: raw.tag) { [UInt8]($0) }
        name = ObjectName.read(raw.name)
        self.mapIDs = mapIDs
        loadTime = raw.load_time
        userID = raw.created_by_uid
        isGPLCompatible = raw.gpl_compatible & 1 != 0
        btfID = raw.btf_id
        jitedSize = raw.jited_prog_len
        translatedSize = raw.xlated_prog_len
        runTime = raw.run_time_ns
        runCount = raw.run_cnt
        recursionMisses = raw.recursion_misses
        verifiedInstructions = raw.verified_insns
        attachObject = raw.attach_btf_obj_id
        attachType = raw.attach_btf_id
    }
}

/// The code of a loaded program and where it came from.
public struct ProgramCode: Sendable, Hashable {
    /// The instructions after the verifier's changes, 8 bytes each.
    public let translated: [UInt8]
    /// The machine code of all functions, one after another.
    public let jited: [UInt8]
    /// The addresses of the functions, zero without rights.
    public let functionAddresses: [UInt64]
    /// The sizes of the functions' machine code.
    public let functionSizes: [UInt32]
    /// `struct bpf_func_info` records, 8 bytes each.
    public let functionInformation: [UInt8]
    /// `struct bpf_line_info` records, 16 bytes each.
    public let lineInformation: [UInt8]
    /// The address of each line's machine code.
    public let lineAddresses: [UInt64]
}

extension BPFSystemCall {
    /// Describes a program (`BPF_OBJ_GET_INFO_BY_FD`), with its maps.
    public static func programInformation(of program: Int32) throws(LinuxError) -> ProgramInformation {
        var raw = skep_program_information()
        try fill(&raw, of: program)
        let wanted = min(Int(raw.nr_map_ids), 1 << 16)
        var maps = [UInt32](repeating: 0, count: wanted)
        if wanted > 0 {
            var second = skep_program_information()
            let answer = maps.withUnsafeMutableBytes { buffer in
                second.nr_map_ids = UInt32(wanted)
                second.map_ids = address(buffer.baseAddress)
                return information(&second, of: program)
            }
            try check(answer, .information)
            maps = [UInt32](maps.prefix(Int(second.nr_map_ids)))
        }
        return ProgramInformation(raw, mapIDs: maps)
    }

    /// Copies a program's code (Linux 4.13; lines and functions 5.0). Needs rights over all of BPF, else it is empty.
    public static func programCode(of program: Int32) throws(LinuxError) -> ProgramCode {
        var raw = skep_program_information()
        try fill(&raw, of: program)
        let limit = 64 << 20
        var translated = [UInt8](repeating: 0, count: min(Int(raw.xlated_prog_len), limit))
        var jited = [UInt8](repeating: 0, count: min(Int(raw.jited_prog_len), limit))
        var addresses = [UInt64](repeating: 0, count: min(Int(raw.nr_jited_ksyms), 1 << 16))
        var sizes = [UInt32](repeating: 0, count: min(Int(raw.nr_jited_func_lens), 1 << 16))
        var functions = [UInt8](repeating: 0, count: min(Int(raw.nr_func_info), 1 << 16) * 8)
        var lines = [UInt8](repeating: 0, count: min(Int(raw.nr_line_info), 1 << 20) * 16)
        var lineAddresses = [UInt64](repeating: 0, count: min(Int(raw.nr_jited_line_info), 1 << 20))
        var second = skep_program_information()
        second.xlated_prog_len = UInt32(translated.count)
        second.jited_prog_len = UInt32(jited.count)
        second.nr_jited_ksyms = UInt32(addresses.count)
        second.nr_jited_func_lens = UInt32(sizes.count)
        second.nr_func_info = UInt32(functions.count / 8)
        second.func_info_rec_size = functions.isEmpty ? 0 : 8
        second.nr_line_info = UInt32(lines.count / 16)
        second.line_info_rec_size = lines.isEmpty ? 0 : 16
        second.nr_jited_line_info = UInt32(lineAddresses.count)
        second.jited_line_info_rec_size = lineAddresses.isEmpty ? 0 : 8
        // Buffers one by one: each pointer stays valid because the arrays are not touched until after the call.
        let answer = withBuffers(&translated, &jited, &functions, &lines) { translated, jited, functions, lines in
            addresses.withUnsafeMutableBytes { addresses in
                sizes.withUnsafeMutableBytes { sizes in
                    lineAddresses.withUnsafeMutableBytes { lineAddresses in
                        second.xlated_prog_insns = address(translated.baseAddress)
                        second.jited_prog_insns = address(jited.baseAddress)
                        second.func_info = address(functions.baseAddress)
                        second.line_info = address(lines.baseAddress)
                        second.jited_ksyms = address(addresses.baseAddress)
                        second.jited_func_lens = address(sizes.baseAddress)
                        second.jited_line_info = address(lineAddresses.baseAddress)
                        return information(&second, of: program)
                    }
                }
            }
        }
        try check(answer, .information)
        // What the kernel hides it does not write, and says so by taking back the pointer or the size.
        if second.xlated_prog_insns == 0 { translated = [] }
        if second.jited_prog_insns == 0 || second.jited_prog_len == 0 { jited = [] }
        return ProgramCode(
            translated: translated, jited: jited, functionAddresses: addresses, functionSizes: sizes,
            functionInformation: functions, lineInformation: lines, lineAddresses: lineAddresses)
    }

    private static func withBuffers(
        _ first: inout [UInt8], _ second: inout [UInt8], _ third: inout [UInt8], _ fourth: inout [UInt8],
        _ body: (
            UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer, UnsafeMutableRawBufferPointer,
            UnsafeMutableRawBufferPointer
        ) -> Int
    ) -> Int {
        first.withUnsafeMutableBytes { first in
            second.withUnsafeMutableBytes { second in
                third.withUnsafeMutableBytes { third in
                    fourth.withUnsafeMutableBytes { fourth in body(first, second, third, fourth) }
                }
            }
        }
    }

    /// Fills an information struct; the answer is a result or a negative error number.
    static func information<Information>(_ raw: inout Information, of descriptor: Int32) -> Int {
        withUnsafeMutableBytes(of: &raw) { bytes in
            var attributes = skep_object_information()
            attributes.bpf_fd = UInt32(bitPattern: descriptor)
            attributes.info_len = UInt32(bytes.count)
            attributes.info = address(UnsafeRawPointer(bytes.baseAddress))
            return call(.information, &attributes)
        }
    }

    static func fill<Information>(
        _ raw: inout Information, of descriptor: Int32
    ) throws(LinuxError) {
        try check(information(&raw, of: descriptor), .information)
    }
}
