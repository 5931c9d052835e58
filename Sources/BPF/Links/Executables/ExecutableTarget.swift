// SPDX-License-Identifier: Apache-2.0

import BPFObject
import ELF
import Linux

/// A file and what is meant in it, from a section's target and the options.
struct ExecutableTarget {
    /// The file as it can be opened.
    let path: String
    /// The function, the place or the pattern.
    let function: String

    init(_ program: Program, _ options: AttachOptions) throws(BPFError) {
        // A path may hold colons, a function's name may not, save for C++ names, which are given mangled.
        let target = program.spec.target ?? ""
        let colon = target.lastIndex(of: ":")
        let givenPath = colon.map { String(target[..<$0]) } ?? (target.contains("/") ? target : "")
        let givenFunction =
            colon.map { String(target[target.index(after: $0)...]) } ?? (target.contains("/") ? "" : target)
        let path = options.binary ?? givenPath
        let function = options.symbol ?? givenFunction
        guard !path.isEmpty, !function.isEmpty || !options.symbols.isEmpty else {
            let missing = path.isEmpty ? "an executable or library" : "a function"
            throw BPFError(
                .invalidArgument,
                "the section \(program.spec.section) of the program \(program.name) does not name \(missing)",
                hint: "give --binary PATH and --symbol FUNCTION, or write SEC(\"uprobe/PATH:FUNCTION\")")
        }
        self.path = try ExecutableSearch.find(path, process: options.process)
        self.function = function
    }

    /// Debug builds of browsers and libraries for machine learning have gigabytes; a file is only mapped.
    static let largestFile = 1 << 40

    /// Opens the file.
    func file(for program: Program) throws(BPFError) -> ELFFile {
        do {
            return try ELFFile(try Files.map(path, limit: Self.largestFile))
        } catch {
            throw BPFError(
                .notFound, "cannot read the symbols of \(path)", context: [.init("program", program.name)], cause: error
            )
        }
    }

    /// Where a function is in its file: by name, by name with a distance, or by its `0x` offset in the file.
    func offset(of text: String, program: Program) throws(BPFError) -> UInt64 {
        if text.hasPrefix("0x"), let offset = UprobePlace.number(text) { return offset }
        let parts = text.split(separator: "+", maxSplits: 1).map(String.init)
        var distance: UInt64 = 0
        if parts.count == 2 {
            guard let number = UprobePlace.number(parts[1]) else {
                throw BPFError(
                    .invalidArgument, "\(parts[1]) is not an offset", hint: "write FUNCTION+OFFSET, as in f+0x10")
            }
            distance = number
        }
        let name = parts.first ?? text
        let file = try file(for: program)
        let location: ELFSymbolLocation?
        do throws(ELFError) {
            location = try file.locate(symbol: name)
        } catch {
            throw BPFError(
                .notFound, "cannot read the symbols of \(path)", context: [.init("program", program.name)], cause: error
            )
        }
        guard let location, let offset = location.fileOffset else {
            throw BPFError(
                .notFound, "\(path) has no function \(name)", context: [.init("program", program.name)],
                hint:
                    "its symbols may have been stripped, or its functions inlined; `nm -D \(path)` lists the exported ones"
            )
        }
        return offset &+ distance
    }

    /// The functions of a pattern, each place in the file once, ascending.
    func functions(matching text: String, program: Program) throws(BPFError) -> [(name: String, offset: UInt64)] {
        let pattern = NamePattern(text)
        let file = try file(for: program)
        var found: [UInt64: String] = [:]
        do throws(ELFError) {
            for table in [ELFSection.symbolTable, ELFSection.dynamicSymbolTable] {
                guard let table = try file.symbolTable(ofType: table) else { continue }
                for index in 0..<table.count {
                    guard let entry = table.entry(at: index), !entry.isUndefined, !entry.isAbsolute,
                        entry.type == .function || entry.type == .indirectFunction,
                        let whole = table.name(of: entry)
                    else { continue }
                    // `name@@VERSION` is meant by `name`.
                    let name = whole.prefix { $0 != "@" }
                    guard pattern.matches(name.utf8) || pattern.matches(whole.utf8),
                        let offset = file.fileOffset(ofAddress: entry.value)
                    else { continue }
                    if found[offset] == nil { found[offset] = String(name) }
                }
            }
        } catch {
            throw BPFError(
                .notFound, "cannot read the symbols of \(path)", context: [.init("program", program.name)], cause: error
            )
        }
        return found.map { (name: $0.value, offset: $0.key) }.sorted { $0.offset < $1.offset }
    }
}

extension UprobePlace {
    /// A number, decimal or with `0x`.
    static func number(_ text: String) -> UInt64? {
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    }
}
