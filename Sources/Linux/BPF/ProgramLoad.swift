// SPDX-License-Identifier: Apache-2.0

/// What `BPF_PROG_LOAD` needs besides the instructions.
public struct ProgramLoad: Sendable, Hashable {
    /// `enum bpf_prog_type`.
    public var kind: UInt32
    /// The name; it is cut and sanitised. Empty: none (names came with Linux 4.15).
    public var name: String
    /// The licence, such as `GPL` or `Dual BSD/GPL`; many helpers demand one that is compatible with the GPL.
    public var license: String
    /// `enum bpf_attach_type` that the program will be attached as; 0 where the kind has only one.
    public var expectedAttachType: UInt32 = 0
    /// The BTF type of the kernel function, tracepoint, hook or struct to attach to (`attach_btf_id`).
    public var attachType: UInt32 = 0
    /// The program to replace or trace (`attach_prog_fd`), or the module BTF that ``attachType`` is in
    /// (`attach_btf_obj_fd`).
    public var attachTarget: Int32?
    /// `BPF_F_*` flags of program load, such as `BPF_F_SLEEPABLE`.
    public var flags: UInt32 = 0
    /// The interface of an offloaded or device-bound program.
    public var interfaceIndex: UInt32 = 0
    /// `LINUX_VERSION_CODE`; only kernels before 5.0 check it, for kprobes.
    public var kernelVersion: UInt32 = 0
    /// The descriptor of the program's own BTF.
    public var btf: Int32?
    /// `struct bpf_func_info` records.
    public var functionInformation: [UInt8] = []
    /// The size of one of those records: 8.
    public var functionInformationRecordSize: UInt32 = 8
    /// `struct bpf_line_info` records.
    public var lineInformation: [UInt8] = []
    /// The size of one of those records: 16.
    public var lineInformationRecordSize: UInt32 = 16
    /// Descriptors that instructions refer to by index (`fd_array`, Linux 5.14).
    public var fileDescriptors: [Int32] = []
    /// Tells the kernel the number of ``fileDescriptors`` (`fd_array_cnt`, Linux 6.14), which then keeps all of them
    /// alive with the program.
    public var declaresFileDescriptorCount = false
    /// The descriptor of a BPF token (Linux 6.9; adds the flag for it).
    public var token: Int32?
    /// A PKCS#7 signature of the instructions (Linux 6.18); empty for none.
    public var signature: [UInt8] = []
    /// The keyring that the signature is checked with.
    public var keyring: Int32 = 0

    /// Makes a description with the fields that every program has.
    public init(kind: UInt32, name: String = "", license: String) {
        self.kind = kind
        self.name = name
        self.license = license
    }
}

/// The verifier's log, or that of BTF checking: room for it before the call, its text afterwards.
///
/// ```swift
/// var log: VerifierLog? = VerifierLog(level: 1, capacity: 64 << 10)
/// let program = try BPFSystemCall.loadProgram(load, instructions: bytes, log: &log)
/// ```
public struct VerifierLog: Sendable, Hashable {
    /// 1 instructions and branches, 2 also every state, 4 statistics (4 needs Linux 5.2).
    public let level: UInt32
    /// Room in bytes; 128 at least, and the kernel refuses more than 2^30 - 1.
    public let capacity: Int
    /// What the kernel wrote; invalid UTF-8 is repaired.
    public internal(set) var text = ""
    /// The bytes that the whole log needs (`log_true_size`, Linux 6.4), or `nil` when the kernel does not say.
    public internal(set) var trueSize: Int?
    /// Whether the log did not fit. From Linux 6.4 the text is then its end, before that its beginning (`ENOSPC`).
    public internal(set) var isTruncated = false

    /// Asks for a log.
    public init(level: UInt32, capacity: Int) {
        self.level = level
        self.capacity = min(max(capacity, 128), (1 << 30) - 1)
    }

    mutating func finish(_ buffer: UnsafeRawBufferPointer, trueSize: UInt32, answer: Int) {
        text = String(decoding: buffer.prefix { $0 != 0 }, as: UTF8.self)
        self.trueSize = trueSize == 0 ? nil : Int(trueSize)
        isTruncated = Int(trueSize) > buffer.count || answer == -Int(Errno.noSpace.rawValue)
    }
}
