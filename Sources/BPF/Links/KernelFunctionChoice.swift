// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Diagnostics
import Linux

/// The kernel functions that a probe on many functions shall reach: given ones, or those of a pattern.
struct KernelFunctionChoice {
    /// The functions' names, without repetition where they come from a pattern.
    private(set) var names: [String] = []
    /// Where they are, in the order of the names; empty when they are found by name.
    private(set) var addresses: [UInt64] = []
    /// The modules, in the order of the names.
    private(set) var modules: [String?] = []
    /// A number for each, or none.
    private(set) var cookies: [UInt64] = []
    /// What was asked for, for people.
    let summary: String

    /// The kernel takes no more than this at once (`MAX_KPROBE_MULTI_CNT`).
    static let limit = 1 << 20

    init(_ program: Program, _ options: AttachOptions) throws(BPFError) {
        if !options.symbols.isEmpty {
            names = options.symbols
            modules = names.map { _ in nil }
            cookies = options.cookies
            guard cookies.isEmpty || cookies.count == names.count else {
                throw BPFError(
                    .invalidArgument, "\(names.count) functions have \(cookies.count) cookies",
                    context: [.init("program", program.name)], hint: "give one for each function, or none")
            }
            summary = names.count == 1 ? names[0] : "\(names.count) functions"
            return
        }
        let pattern: String
        // What a section names stands; an option fills what it leaves open.
        if let symbol = options.symbol, program.spec.target?.isEmpty ?? true {
            pattern = symbol
        } else {
            pattern = try program.requiredTarget("PATTERN")
        }
        guard NamePattern.isPattern(pattern) else {
            names = [pattern]
            modules = [nil]
            cookies = options.cookie == 0 ? [] : [options.cookie]
            summary = pattern
            return
        }
        let found = try Self.functions(matching: pattern)
        guard !found.isEmpty else {
            throw BPFError(
                .notSupported, "this kernel has no function \(pattern) that can be traced",
                context: [.init("program", program.name), .init("section", program.spec.section)],
                hint: "names differ between kernels; the file available_filter_functions of tracefs lists them")
        }
        guard found.count <= Self.limit else {
            throw BPFError(.invalidArgument, "\(pattern) means \(found.count) functions, more than a kernel takes")
        }
        names = found.map(\.name)
        modules = found.map(\.module)
        addresses = found.allSatisfy { ($0.address ?? 0) != 0 } ? found.compactMap(\.address) : []
        cookies = options.cookie == 0 ? [] : Array(repeating: options.cookie, count: names.count)
        summary = "\(pattern) (\(names.count) functions)"
    }

    /// Functions that ftrace can reach, from tracefs, else from the kernel's symbols.
    private static func functions(matching text: String) throws(BPFError) -> [TraceableFunction] {
        var pattern = NamePattern(text)
        var wantedModule: String?
        if let colon = text.firstIndex(of: ":") {
            wantedModule = String(text[..<colon])
            pattern = NamePattern(String(text[text.index(after: colon)...]))
        }
        do throws(LinuxError) {
            let listed = try TraceFileSystem().functions { pattern.matches($0) }
            var seen: Set<String> = []
            let wanted = listed.filter { wantedModule == nil || $0.module == wantedModule }
            if wanted.allSatisfy({ $0.address != nil }) { return wanted }
            // Without addresses a name can stand for one function only.
            return wanted.filter { seen.insert($0.name).inserted }
        } catch {
            // Some machines keep the list to themselves; the kernel then says which of its functions cannot be traced.
            guard [.noSuchFileOrDirectory, .notPermitted, .permissionDenied].contains(error.errno) else {
                throw BPFError.system(error, "cannot list the kernel's functions")
            }
        }
        do throws(LinuxError) {
            return try KernelSymbols.functions { pattern.matches($0) }
                .filter { wantedModule == nil || $0.module == wantedModule }
        } catch {
            throw BPFError.system(error, "cannot list the kernel's functions")
        }
    }
}

extension KernelSymbols {
    /// The kernel's functions in `/proc/kallsyms`, each name once.
    static func functions(matching wanted: (Slice<UnsafeRawBufferPointer>) -> Bool) throws(LinuxError)
        -> [TraceableFunction]
    {
        var found: [TraceableFunction] = []
        var seen: Set<String> = []
        try Files.forEachLine(of: "/proc/kallsyms") { line in
            line.withUnsafeBytes { line in
                let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
                guard fields.count == 3, let kind = fields[1].first, [0x54, 0x74, 0x57, 0x77].contains(kind) else {
                    return true
                }
                let parts = fields[2].split(separator: UInt8(ascii: "\t"), maxSplits: 1)
                guard let name = parts.first, wanted(name) else { return true }
                let text = String(decoding: name, as: UTF8.self)
                // Paddings and parts of functions cannot be traced.
                guard !text.hasPrefix("__pfx_"), !text.hasPrefix("__cfi_"), !text.contains(".cold") else { return true }
                guard seen.insert(text).inserted else { return true }
                let module = parts.count > 1 ? String(decoding: parts[1].dropFirst().dropLast(), as: UTF8.self) : nil
                found.append(TraceableFunction(name: text, module: module, address: nil))
                return true
            }
        }
        return found
    }
}
