// SPDX-License-Identifier: Apache-2.0

/// One fact about the library and a running kernel that must hold on every kernel from a version on.
///
/// A check is a plain function, so the same list runs in a test on this machine and, in one static program, in a guest of
/// every kernel of the matrix. It needs root, uses only what it makes itself, and leaves nothing behind.
///
/// ```swift
/// KernelCheck("a hash map gives back what was put in") {
///     …
///     try expect(value == 42, "the map answers \(value)")
///     return .passed
/// }
/// ```
public struct KernelCheck: Sendable {
    /// What holds, as a sentence; unique in ``all``, on one line.
    public let name: String
    /// The first kernel on which it must hold; older ones skip it.
    public let minimumKernel: KernelRelease
    /// Whether it runs only in guests: it denies, signals, reschedules or changes the whole machine.
    public let guestOnly: Bool
    private let body: @Sendable () throws -> CheckOutcome

    /// Makes a check.
    ///
    /// - Parameters:
    ///   - name: what holds, as a sentence.
    ///   - minimumKernel: the first kernel on which it must hold; Linux 5.10 unless told.
    ///   - guestOnly: whether it may touch more of the machine than what it makes itself.
    ///   - body: the check; an error that it throws is a failure.
    public init(
        _ name: String, minimumKernel: KernelRelease = KernelRelease(5, 10), guestOnly: Bool = false,
        body: @escaping @Sendable () throws -> CheckOutcome
    ) {
        self.name = name
        self.minimumKernel = minimumKernel
        self.guestOnly = guestOnly
        self.body = body
    }

    /// Runs the check on this machine, when its kernel is new enough.
    public func run(on kernel: KernelRelease) -> CheckOutcome {
        guard kernel >= minimumKernel else { return .skipped("needs Linux \(minimumKernel), this is \(kernel)") }
        do {
            return try body()
        } catch {
            return .failed("\(error)")
        }
    }
}

/// How a check ended.
public enum CheckOutcome: Sendable, Hashable {
    /// It holds.
    case passed
    /// It does not hold, and why.
    case failed(String)
    /// It could not be tried, and why.
    case skipped(String)
}

/// A version of the kernel, as far as features depend on it.
public struct KernelRelease: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The first number.
    public let major: Int
    /// The second number.
    public let minor: Int

    /// Makes the version of its two numbers.
    public init(_ major: Int, _ minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads the numbers at the start of a release such as `6.1.0-56-cloud-amd64`; nil when there are none.
    public init?(release: String) {
        let numbers = release.split(separator: ".", maxSplits: 2).prefix(2).compactMap { part in
            Int(part.prefix { $0.isASCII && $0.isNumber })
        }
        guard numbers.count == 2 else { return nil }
        self.init(numbers[0], numbers[1])
    }

    /// The two numbers with a full stop between.
    public var description: String { "\(major).\(minor)" }

    /// Whether the first is older.
    public static func < (first: KernelRelease, second: KernelRelease) -> Bool {
        (first.major, first.minor) < (second.major, second.minor)
    }
}
