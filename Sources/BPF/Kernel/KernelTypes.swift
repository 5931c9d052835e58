// SPDX-License-Identifier: Apache-2.0

public import BTF
public import Bytes
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
/// - Note: Linux 5.4 with `CONFIG_DEBUG_INFO_BTF`; modules since 5.11. Mapped since 6.16, read before that. A kernel that
///   does not show its types may have them in a file, such as `/boot/vmlinux-RELEASE`.
public final class KernelTypes: Sendable {
    /// The running kernel's types.
    public static let running = KernelTypes(path: nil)

    private let path: String?
    private let given: OwnedBytes?
    private let search: KernelTypesSearch
    private let state = Mutex(State())

    private struct State {
        var core: BTFTable?
        var modules: [Module]?
        var source: String?
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
    /// - Parameter path: a file of raw BTF such as `/sys/kernel/btf/vmlinux`, a kernel file with a section `.BTF`, a folder
    ///   with the types of many kernels (`ID/VERSION_ID/ARCH/RELEASE.btf`), or `nil` for the running kernel.
    public init(path: String?) {
        self.path = path
        given = nil
        search = KernelTypesSearch()
    }

    /// Looks for the running kernel's types elsewhere.
    init(path: String? = nil, search: KernelTypesSearch) {
        self.path = path
        given = nil
        self.search = search
    }

    /// Uses types that are in memory.
    ///
    /// - Parameters:
    ///   - bytes: raw BTF.
    ///   - source: where they come from, for reports.
    public init(_ bytes: OwnedBytes, source: String) {
        path = source
        given = bytes
        search = KernelTypesSearch()
    }

    /// Whether these are the types that the running kernel itself shows, whose ids it understands.
    public var isRunning: Bool { path == nil && search.root.isEmpty && search.isShown }

    /// Whether they are looked for in the running kernel, and were not given by the caller.
    var isSearched: Bool { path == nil }

    /// Where the kernel's own types come from, once they were read: `nil` for the running kernel.
    var foreignSource: String? { state.withLock { $0.source } }

    /// The kernel's own types.
    ///
    /// - Throws: ``BPFError`` when the kernel shows none, or the file is damaged.
    public func core() throws(BPFError) -> BTFTable {
        if let known = state.withLock({ $0.core }) { return known }
        let (table, source) = try read()
        state.withLock {
            $0.core = table
            $0.source = source
        }
        return table
    }

    private func read() throws(BPFError) -> (BTFTable, source: String?) {
        if let given { return (try Self.decode(given, path: path ?? "memory", base: nil), path) }
        if let path {
            let isFolder = Files.isDirectory(path)
            let file = isFolder ? try search.file(in: path) : path
            return (try Self.decode(try KernelTypesSearch.read(file), path: file, base: nil), file)
        }
        let shown = search.files[0]
        if search.isShown { return (try Self.decode(try KernelTypesSearch.read(shown), path: shown, base: nil), nil) }
        for file in search.files.dropFirst() where Files.exists(file) {
            // A kernel file without types is no reason not to look further.
            guard let bytes = try? KernelTypesSearch.read(file) else { continue }
            return (try Self.decode(bytes, path: file, base: nil), file)
        }
        throw BPFError(
            .notSupported, "this kernel shows no types (BTF)", context: [.init("path", shown)],
            hint: "it was built without CONFIG_DEBUG_INFO_BTF; give a file with the types of \(search.release), or a "
                + "folder of such files")
    }

    /// The types of all loaded modules; empty when an explicit file replaces the kernel's.
    public func modules() throws(BPFError) -> [Module] {
        if let known = state.withLock({ $0.modules }) { return known }
        guard path == nil, search.isShown else { return [] }
        let core = try core()
        var found: [Module] = []
        for name in (try? Directory.names(in: search.directory)) ?? [] where name != "vmlinux" {
            // A module may be unloaded at any time.
            let file = search.directory + "/" + name
            guard let bytes = try? KernelTypesSearch.read(file),
                let table = try? Self.decode(bytes, path: file, base: core)
            else { continue }
            found.append(Module(name: name, table: table))
        }
        let modules = found.sorted { $0.name < $1.name }
        state.withLock { $0.modules = modules }
        return modules
    }

    private static func decode(_ bytes: OwnedBytes, path: String, base: BTFTable?) throws(BPFError) -> BTFTable {
        do throws(BTFError) {
            return try BTFTable(bytes, base: base)
        } catch {
            throw BPFError(
                .malformed, "the kernel's types cannot be decoded", context: [.init("path", path)], cause: error)
        }
    }
}
