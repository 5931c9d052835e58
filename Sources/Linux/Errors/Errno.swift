// SPDX-License-Identifier: Apache-2.0

/// A Linux error number.
///
/// The numbers are those of x86-64, arm64 and riscv64 (`include/uapi/asm-generic/errno.h`).
///
/// ```swift
/// catch where error.errno == .notPermitted
/// ```
public struct Errno: RawRepresentable, Hashable, Sendable {
    /// The positive number, such as 1 for `EPERM`.
    public let rawValue: Int32

    /// Makes an error number.
    public init(rawValue: Int32) {
        self.rawValue = rawValue
    }

    /// The name in C, such as `EPERM`, or `errno 999` for a number that has none.
    public var name: String {
        Self.entry(of: rawValue)?.name ?? "errno \(rawValue)"
    }

    /// What the number means, as a phrase: `Operation not permitted`.
    public var meaning: String {
        Self.entry(of: rawValue)?.meaning ?? "Unknown error"
    }
}

extension Errno: CustomStringConvertible {
    /// The same as ``meaning``.
    public var description: String { meaning }
}

extension Errno {
    /// `EPERM`: operation not permitted.
    public static let notPermitted = Errno(rawValue: 1)
    /// `ENOENT`: no such file or directory.
    public static let noSuchFileOrDirectory = Errno(rawValue: 2)
    /// `ESRCH`: no such process.
    public static let noSuchProcess = Errno(rawValue: 3)
    /// `EINTR`: interrupted system call.
    public static let interrupted = Errno(rawValue: 4)
    /// `EIO`: input/output error.
    public static let inputOutput = Errno(rawValue: 5)
    /// `ENXIO`: no such device or address.
    public static let noSuchDeviceOrAddress = Errno(rawValue: 6)
    /// `E2BIG`: argument list too long.
    public static let tooBig = Errno(rawValue: 7)
    /// `ENOEXEC`: exec format error.
    public static let notExecutable = Errno(rawValue: 8)
    /// `EBADF`: bad file descriptor.
    public static let badFileDescriptor = Errno(rawValue: 9)
    /// `ECHILD`: no child processes.
    public static let noChildProcess = Errno(rawValue: 10)
    /// `EAGAIN`: resource temporarily unavailable.
    public static let wouldBlock = Errno(rawValue: 11)
    /// `ENOMEM`: cannot allocate memory.
    public static let noMemory = Errno(rawValue: 12)
    /// `EACCES`: permission denied.
    public static let permissionDenied = Errno(rawValue: 13)
    /// `EFAULT`: bad address.
    public static let badAddress = Errno(rawValue: 14)
    /// `EBUSY`: device or resource busy.
    public static let busy = Errno(rawValue: 16)
    /// `EEXIST`: file exists.
    public static let exists = Errno(rawValue: 17)
    /// `EXDEV`: invalid cross-device link.
    public static let crossDevice = Errno(rawValue: 18)
    /// `ENODEV`: no such device.
    public static let noSuchDevice = Errno(rawValue: 19)
    /// `ENOTDIR`: not a directory.
    public static let notDirectory = Errno(rawValue: 20)
    /// `EISDIR`: is a directory.
    public static let isDirectory = Errno(rawValue: 21)
    /// `EINVAL`: invalid argument.
    public static let invalidArgument = Errno(rawValue: 22)
    /// `ENFILE`: too many open files in system.
    public static let tooManyOpenFilesInSystem = Errno(rawValue: 23)
    /// `EMFILE`: too many open files.
    public static let tooManyOpenFiles = Errno(rawValue: 24)
    /// `ENOTTY`: inappropriate ioctl for device.
    public static let notTerminal = Errno(rawValue: 25)
    /// `EFBIG`: file too large.
    public static let fileTooBig = Errno(rawValue: 27)
    /// `ENOSPC`: no space left on device.
    public static let noSpace = Errno(rawValue: 28)
    /// `EROFS`: read-only file system.
    public static let readOnlyFileSystem = Errno(rawValue: 30)
    /// `EPIPE`: broken pipe.
    public static let brokenPipe = Errno(rawValue: 32)
    /// `EDOM`: numerical argument out of domain.
    public static let outOfDomain = Errno(rawValue: 33)
    /// `ERANGE`: numerical result out of range.
    public static let outOfRange = Errno(rawValue: 34)
    /// `ENAMETOOLONG`: file name too long.
    public static let nameTooLong = Errno(rawValue: 36)
    /// `ENOSYS`: function not implemented.
    public static let noSuchSystemCall = Errno(rawValue: 38)
    /// `ENOTEMPTY`: directory not empty.
    public static let notEmpty = Errno(rawValue: 39)
    /// `ELOOP`: too many levels of symbolic links.
    public static let tooManyLinks = Errno(rawValue: 40)
    /// `ENODATA`: no data available.
    public static let noData = Errno(rawValue: 61)
    /// `ETIME`: timer expired.
    public static let timerExpired = Errno(rawValue: 62)
    /// `EPROTO`: protocol error.
    public static let protocolError = Errno(rawValue: 71)
    /// `EOVERFLOW`: value too large for defined data type.
    public static let overflow = Errno(rawValue: 75)
    /// `ENOTUNIQ`: name is not unique.
    public static let notUnique = Errno(rawValue: 76)
    /// `EILSEQ`: invalid or incomplete multibyte or wide character.
    public static let illegalBytes = Errno(rawValue: 84)
    /// `ENOTSOCK`: socket operation on non-socket.
    public static let notSocket = Errno(rawValue: 88)
    /// `EMSGSIZE`: message too long.
    public static let messageTooLong = Errno(rawValue: 90)
    /// `ENOPROTOOPT`: protocol not available.
    public static let noProtocolOption = Errno(rawValue: 92)
    /// `EPROTONOSUPPORT`: protocol not supported.
    public static let protocolNotSupported = Errno(rawValue: 93)
    /// `EOPNOTSUPP`: operation not supported.
    public static let notSupported = Errno(rawValue: 95)
    /// `EAFNOSUPPORT`: address family not supported by protocol.
    public static let addressFamilyNotSupported = Errno(rawValue: 97)
    /// `EADDRINUSE`: address already in use.
    public static let addressInUse = Errno(rawValue: 98)
    /// `ENETDOWN`: network is down.
    public static let networkDown = Errno(rawValue: 100)
    /// `ENOBUFS`: no buffer space available.
    public static let noBufferSpace = Errno(rawValue: 105)
    /// `ETIMEDOUT`: connection timed out.
    public static let timedOut = Errno(rawValue: 110)
    /// `ECONNREFUSED`: connection refused.
    public static let connectionRefused = Errno(rawValue: 111)
    /// `ESTALE`: stale file handle.
    public static let stale = Errno(rawValue: 116)
    /// `EDQUOT`: disk quota exceeded.
    public static let quotaExceeded = Errno(rawValue: 122)
    /// `ECANCELED`: operation canceled.
    public static let cancelled = Errno(rawValue: 125)
    /// `ENOKEY`: required key not available.
    public static let noKey = Errno(rawValue: 126)
    /// `EKEYREJECTED`: key was rejected by service.
    public static let keyRejected = Errno(rawValue: 129)
    /// `ENOTSUPP`: the kernel's own "not supported", which leaks out of bpf(2) and perf_event_open(2).
    public static let kernelNotSupported = Errno(rawValue: 524)
}
