// SPDX-License-Identifier: Apache-2.0

import Bytes
import Glibc

/// The few operations of the system that this module needs, in one place.
enum System {
    /// What a program that ran to its end left behind.
    struct Result {
        /// The exit code, or 128 plus the signal that ended it.
        let status: Int32
        /// The output, at most as much as was asked for.
        let output: String
        /// Whether it was ended because its time was up.
        let timedOut: Bool
    }

    /// A value of the environment; an empty one counts as none.
    static func environment(_ name: String) -> String? {
        guard let value = getenv(name), value.pointee != 0 else { return nil }
        return String(cString: value)
    }

    /// Whether the standard error is a terminal.
    static var standardErrorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

    /// Whether the program runs as root.
    static var isRoot: Bool { geteuid() == 0 }

    /// The release of the running kernel, such as `6.18.4`.
    static var kernelRelease: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &name.release) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The kind of machine, such as `x86_64`.
    static var machine: String {
        var name = utsname()
        guard uname(&name) == 0 else { return "unknown" }
        return withUnsafeBytes(of: &name.machine) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    /// The path of the running program.
    static var executable: String? { target(ofLink: "/proc/self/exe") }

    // MARK: - Files

    /// What a path names.
    enum Kind {
        case file
        case folder
        case other
    }

    /// What a path names, or `nil` when nothing is there.
    static func kind(_ path: String) -> Kind? {
        guard let status = status(path) else { return nil }
        switch status.st_mode & S_IFMT {
        case S_IFREG: return .file
        case S_IFDIR: return .folder
        default: return .other
        }
    }

    /// The size of a file in bytes.
    static func size(_ path: String) -> Int? { status(path).map { Int($0.st_size) } }

    /// Whether a folder belongs to this user and nobody else can write to it.
    static func isPrivate(_ folder: String) -> Bool {
        var status = stat()
        guard lstat(folder, &status) == 0 else { return false }
        return status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid() && status.st_mode & 0o022 == 0
    }

    /// Whether a path names a file that may be run.
    static func isExecutable(_ path: String) -> Bool { kind(path) == .file && access(path, X_OK) == 0 }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return stat(path, &status) == 0 ? status : nil
    }

    /// A path without symbolic links and dots, or `nil` when nothing is there.
    static func canonical(_ path: String) -> String? {
        guard let resolved = realpath(path, nil) else { return nil }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    private static func target(ofLink path: String) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = readlink(path, &buffer, buffer.count)
        return count > 0 ? String(decoding: buffer.prefix(count), as: UTF8.self) : nil
    }

    /// The names in a folder, sorted, or `nil` when it cannot be read.
    static func names(in folder: String) -> [String]? {
        guard let stream = opendir(folder) else { return nil }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// The contents of a file, or the reason why not; never more than `limit` bytes.
    static func contents(_ path: String, limit: Int) throws(SystemError) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw SystemError() }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError()
            }
            if count == 0 { return bytes }
            guard bytes.count + count <= limit else { throw SystemError(code: EFBIG) }
            bytes += buffer[..<count]
        }
    }

    /// Makes a folder and those above it.
    static func makeFolder(_ path: String) throws(SystemError) {
        guard kind(path) != .folder else { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeFolder(String(path[..<slash])) }
        guard mkdir(path, 0o755) == 0 || errno == EEXIST else { throw SystemError() }
    }

    /// Writes a file so that others see the old one, or none, or the whole new one.
    static func replaceFile(_ path: String, with text: String) throws(SystemError) {
        let temporary = path + "." + String(UInt64.random(in: 0 ... .max), radix: 36)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o644)
        guard descriptor >= 0 else { throw SystemError() }
        do throws(SystemError) {
            defer { close(descriptor) }
            try write(Array(text.utf8), to: descriptor)
            // Others may read a header; the folder decides who may change it.
            guard fchmod(descriptor, 0o644) == 0 else { throw SystemError() }
        } catch {
            unlink(temporary)
            throw error
        }
        guard rename(temporary, path) == 0 else {
            let error = SystemError()
            unlink(temporary)
            throw error
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(SystemError) {
        var start = 0
        while start < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + start }, $0.count - start)
            }
            if count < 0 {
                if errno == EINTR { continue }
                throw SystemError()
            }
            start += count
        }
    }

    /// Makes a new folder that only this user can use.
    static func makeTemporaryFolder() throws(SystemError) -> String {
        let base = environment("TMPDIR") ?? "/tmp"
        var template = Array((base + "/skep-XXXXXX").utf8CString)
        guard mkdtemp(&template) != nil else { throw SystemError() }
        return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a folder with the files directly in it.
    static func removeFolder(_ path: String) {
        for name in names(in: path) ?? [] { unlink(path + "/" + name) }
        rmdir(path)
    }

    // MARK: - Processes

    /// Runs a program to its end, with no input and both outputs captured.
    ///
    /// - Parameters:
    ///   - program: the path of the program, also its first argument.
    ///   - seconds: after this many seconds the program is killed.
    ///   - limit: how many bytes of output to keep; the rest is read and dropped, so that the program can end.
    static func run(
        _ program: String, _ arguments: [String], seconds: Int, limit: Int
    ) throws(SystemError) -> Result {
        // Two connected sockets: unlike a pipe they can be made without leaking into a process started meanwhile.
        var ends: [Int32] = [-1, -1]
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
        guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw SystemError() }
        defer { close(ends[0]) }
        let child: pid_t
        do throws(SystemError) {
            child = try spawn(program, arguments, output: ends[1])
        } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        let (output, timedOut) = collect(from: ends[0], seconds: seconds, limit: limit)
        if timedOut { kill(child, SIGKILL) }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 {
            guard errno == EINTR else { throw SystemError() }
        }
        let signal = status & 0x7f
        return Result(
            status: signal == 0 ? (status >> 8) & 0xff : 128 + signal, output: String(decoding: output, as: UTF8.self),
            timedOut: timedOut)
    }

    private static func spawn(_ program: String, _ arguments: [String], output: Int32) throws(SystemError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO)

        // This program may block or ignore signals that the child should feel.
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)
        for signal in [SIGINT, SIGTERM, SIGPIPE, SIGHUP, SIGQUIT] { sigaddset(&signals, signal) }
        posix_spawnattr_setsigdefault(&attributes, &signals)
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let argumentPointers = ([program] + arguments).map { strdup($0) } + [nil]
        // The C variable for the environment is not safe to read from several threads.
        let variables = ((try? contents("/proc/self/environ", limit: 4 << 20)) ?? []).split(separator: 0)
        let environmentPointers = variables.map { strdup(String(decoding: $0, as: UTF8.self)) } + [nil]
        defer { for pointer in argumentPointers + environmentPointers { free(pointer) } }
        var child: pid_t = 0
        let code = posix_spawn(&child, program, &actions, &attributes, argumentPointers, environmentPointers)
        guard code == 0 else { throw SystemError(code: code) }
        return child
    }

    /// Reads until the other side closes, or until the time is up.
    private static func collect(from descriptor: Int32, seconds: Int, limit: Int) -> (output: [UInt8], timedOut: Bool) {
        let end = monotonicMilliseconds() + seconds * 1000
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let left = end - monotonicMilliseconds()
            guard left > 0 else { return (output, true) }
            var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = poll(&request, 1, Int32(clamping: left))
            if ready < 0, errno != EINTR { return (output, false) }
            guard ready > 0 else { continue }
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return (output, false) }
            output += buffer[..<min(count, max(0, limit - output.count))]
        }
    }

    private static func monotonicMilliseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1000 + time.tv_nsec / 1_000_000
    }
}

/// The error number of a failed operation of the system.
struct SystemError: Error, CustomStringConvertible {
    let code: Int32

    /// The error of the last failed call, or a given one.
    init(code: Int32 = errno) {
        self.code = code
    }

    var description: String { String(cString: strerror(code)) }
}
