// SPDX-License-Identifier: Apache-2.0

import CLinux

/// The bpf(2) system call, one typed function per command.
///
/// Every function goes through one place, which repeats a program load that a signal interrupted (`EAGAIN`), sends
/// only the attributes up to the last that is set, so that an older kernel does not refuse what it would not need, and
/// which tests can replace. An answer of `E2BIG` means that the kernel is older than an attribute that was set.
///
/// ```swift
/// var creation = MapCreation(kind: 1, keySize: 4, valueSize: 8, maxEntries: 1024)
/// creation.name = "counts"
/// let map = try BPFSystemCall.createMap(creation)
/// ```
public enum BPFSystemCall {
    #if DEBUG
        /// What a test puts in the kernel's place: gets the command and the attribute bytes, answers a result or a
        /// negative error number.
        @TaskLocal static var replacement: (@Sendable (BPFCommand, [UInt8]) -> Int)?
    #endif

    /// A signal that arrives every few milliseconds can interrupt a long verification this often in a row.
    private static let loadAttempts = 32

    /// Calls bpf(2).
    ///
    /// - Parameters:
    ///   - command: the command.
    ///   - attributes: the command's struct; the kernel writes results into some.
    ///   - minimumSize: bytes to pass even when they are zero, for fields that the kernel only fills when they are
    ///     covered. A tail of zeros is fine for every kernel.
    /// - Returns: a result, or a negative error number.
    @inline(__always)
    static func call<Attributes>(
        _ command: BPFCommand, _ attributes: inout Attributes, minimumSize: Int = 0
    ) -> Int {
        withUnsafeMutableBytes(of: &attributes) { bytes in
            call(command, bytes, minimumSize: minimumSize)
        }
    }

    private static func call(
        _ command: BPFCommand, _ bytes: UnsafeMutableRawBufferPointer, minimumSize: Int
    ) -> Int {
        let size = max(minimumSize, usedSize(UnsafeRawBufferPointer(bytes)))
        #if DEBUG
            if let replacement { return replacement(command, [UInt8](bytes[0..<size])) }
        #endif
        var attempts = command == .loadProgram ? loadAttempts : 1
        while true {
            let answer = skep_bpf(command.rawValue, bytes.baseAddress, UInt32(truncatingIfNeeded: size))
            attempts -= 1
            if answer != -Int(Errno.wouldBlock.rawValue) || attempts <= 0 { return answer }
        }
    }

    /// The bytes up to the last word that is not zero, whole fields of 8 bytes; all structs here are multiples of 4.
    private static func usedSize(_ bytes: UnsafeRawBufferPointer) -> Int {
        var size = bytes.count & ~3
        while size > 4, bytes.load(fromByteOffset: size - 4, as: UInt32.self) == 0 { size -= 4 }
        return min((size + 7) & ~7, bytes.count)
    }

    static func check(_ answer: Int, _ command: BPFCommand) throws(LinuxError) {
        if answer < 0 { throw failure(answer, command) }
    }

    static func descriptor(_ answer: Int, _ command: BPFCommand) throws(LinuxError) -> FileDescriptor {
        if answer < 0 { throw failure(answer, command) }
        return try .adopting(answer, "bpf")
    }

    static func failure(_ answer: Int, _ command: BPFCommand) -> LinuxError {
        LinuxError(Errno(answer: answer), call: "bpf(\(command.kernelName))")
    }

    static func address(_ pointer: UnsafeRawPointer?) -> UInt64 {
        UInt64(UInt(bitPattern: pointer))
    }

    /// A descriptor as the attribute union wants it: 0 for none.
    static func number(_ descriptor: Int32?) -> UInt32 {
        UInt32(bitPattern: descriptor ?? 0)
    }
}
