// SPDX-License-Identifier: Apache-2.0

public import BTF
import Bytes
import Diagnostics
import Linux
import Synchronization

/// The types of the running kernel and its modules, read when they are first needed and shared after that.
///
/// ```swift
/// let types = KernelTypes.running
/// let task = try types.core().firstID(named: "task_struct", kind: .structure)
/// ```
///
/// - Note: Linux 5.4 with `CONFIG_DEBUG_INFO_BTF`; modules since 5.11. Mapped since 6.16, read before that.
public final class KernelTypes: Sendable {
    /// The running kernel's types.
    public static let running = KernelTypes(path: nil)

    private let path: String?
    private let state = Mutex(State())

    private struct State {
        var core: BTFTable?
        var modules: [Module]?
    }

    /// The types of a module.
    public struct Module: Sendable {
        /// The module's name.
        public let name: String
        /// The module's own types, on top of the kernel's.
        public let table: BTFTable
    }

    /// Reads types from a file instead of the running kernel.
    ///
    /// - Parameter path: a file of raw BTF such as `/sys/kernel/btf/vmlinux`, or `nil` for the running kernel.
    public init(path: String?) {
        self.path = path
    }

    /// The directory in which the kernel shows its types.
    static let directory = "/sys/kernel/btf"

    /// The kernel's own types.
    ///
    /// - Throws: ``BPFError`` when the kernel shows none, or the file is damaged.
    public func core() throws(BPFError) -> BTFTable {
        if let known = state.withLock({ $0.core }) { return known }
        let table = try Self.read(path ?? Self.directory + "/vmlinux", base: nil)
        state.withLock { $0.core = table }
        return table
    }

    /// The types of all loaded modules; empty when an explicit file replaces the kernel's.
    public func modules() throws(BPFError) -> [Module] {
        if let known = state.withLock({ $0.modules }) { return known }
        guard path == nil else { return [] }
        let core = try core()
        var found: [Module] = []
        for name in (try? Directory.names(in: Self.directory)) ?? [] where name != "vmlinux" {
            // A module may be unloaded at any time.
            guard let table = try? Self.read(Self.directory + "/" + name, base: core) else { continue }
            found.append(Module(name: name, table: table))
        }
        let modules = found.sorted { $0.name < $1.name }
        state.withLock { $0.modules = modules }
        return modules
    }

    private static func read(_ path: String, base: BTFTable?) throws(BPFError) -> BTFTable {
        let bytes: OwnedBytes
        do throws(LinuxError) {
            bytes = try Files.map(path)
        } catch {
            throw BPFError(
                error.errno == .noSuchFileOrDirectory ? .notSupported : .system,
                "the kernel's types cannot be read", context: [.init("path", path)],
                hint: "the kernel needs CONFIG_DEBUG_INFO_BTF; a file with its types can be given instead", cause: error
            )
        }
        do throws(BTFError) {
            return try BTFTable(bytes, base: base)
        } catch {
            throw BPFError(
                .malformed, "the kernel's types cannot be decoded", context: [.init("path", path)], cause: error)
        }
    }
}
