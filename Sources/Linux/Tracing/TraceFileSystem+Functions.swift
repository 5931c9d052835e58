// SPDX-License-Identifier: Apache-2.0

/// A kernel function that can be traced, as tracefs lists it.
public struct TraceableFunction: Sendable, Hashable {
    /// The function's name.
    public let name: String
    /// The module that it belongs to, or `nil` for the kernel itself.
    public let module: String?
    /// Where it is, or `nil` when the list does not say (before Linux 6.5).
    public let address: UInt64?

    /// Describes a function.
    public init(name: String, module: String?, address: UInt64?) {
        self.name = name
        self.module = module
        self.address = address
    }
}

extension TraceFileSystem {
    /// The functions that ftrace, and with it `kprobe.multi` and `fentry`, can reach.
    ///
    /// - Parameter matching: answers whether a function of this name is wanted.
    /// - Throws: `ENOENT` when the kernel has no `available_filter_functions` (`CONFIG_DYNAMIC_FTRACE`).
    /// - Note: with addresses since Linux 6.5, `kernel/trace/ftrace.c`.
    /// - Complexity: O(functions): about 60,000 lines.
    public borrowing func functions(
        matching: (Substring.UTF8View) -> Bool
    ) throws(LinuxError) -> [TraceableFunction] {
        do throws(LinuxError) {
            let lines = try read("available_filter_functions_addrs")
            return Self.parse(lines, hasAddresses: true, matching)
        } catch {
            guard error.errno == .noSuchFileOrDirectory else { throw error }
        }
        return Self.parse(try read("available_filter_functions"), hasAddresses: false, matching)
    }

    /// Reads lines such as `ffffffff8101a2b0 __traceiter_sched_switch` and `veth_xmit [veth]`.
    static func parse(
        _ text: String, hasAddresses: Bool, _ matching: (Substring.UTF8View) -> Bool
    ) -> [TraceableFunction] {
        var functions: [TraceableFunction] = []
        for line in text.utf8.split(separator: UInt8(ascii: "\n")) {
            var fields = line.split(separator: UInt8(ascii: " "), maxSplits: 3)[...]
            let address = hasAddresses ? fields.popFirst().flatMap { UInt64(Substring($0), radix: 16) } : nil
            if hasAddresses, address == nil { continue }
            // Places that were freed after the start keep a name of this form.
            guard let name = fields.popFirst(), !Substring(name).hasPrefix("__ftrace_invalid_address__"),
                matching(Substring(name).utf8)
            else { continue }
            var module: String?
            if let field = fields.first.map({ Substring($0) }), field.hasPrefix("["), field.hasSuffix("]") {
                module = String(field.dropFirst().dropLast())
            }
            functions.append(TraceableFunction(name: String(Substring(name)), module: module, address: address))
        }
        return functions
    }
}
