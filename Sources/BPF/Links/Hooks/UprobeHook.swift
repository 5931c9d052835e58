// SPDX-License-Identifier: Apache-2.0

import BPFObject
import Bytes
import Diagnostics
import ELF
import Linux

/// Functions of executables and libraries: `uprobe/PATH:FUNCTION+OFFSET`, `uretprobe/PATH:FUNCTION`.
///
/// - Note: Linux 4.17 for the `uprobe` event source; `kernel/trace/trace_uprobe.c`.
enum UprobeHook: Hook {
    static let families: [HookFamily] = [.uprobe]

    static func attach(_ program: Program, options: AttachOptions) throws(BPFError) -> Link {
        let (path, function) = try target(of: program, options)
        let name = program.spec.hook?.name ?? ""
        let offset = try fileOffset(of: function, in: path, program: program)
        let place = UprobePlace(path: path, offset: offset, isReturn: name.hasPrefix("uret"))
        do throws(LinuxError) {
            let event = try PerfEvent.openUprobe(place, process: options.process ?? -1)
            let part = try PerfEventLink.attach(program.rawDescriptor, to: event, cookie: options.cookie)
            return Link("\(name) \(path):\(function)", parts: [part])
        } catch {
            throw program.attachError(error, to: "\(path):\(function)")
        }
    }

    /// The file and the function, from the section and the options.
    private static func target(
        of program: Program, _ options: AttachOptions
    ) throws(BPFError) -> (path: String, function: String) {
        // A path may hold colons, a function's name may not, save for C++ names, which are given mangled.
        let target = program.spec.target ?? ""
        let colon = target.lastIndex(of: ":")
        let givenPath = colon.map { String(target[..<$0]) } ?? (target.contains("/") ? target : "")
        let givenFunction =
            colon.map { String(target[target.index(after: $0)...]) } ?? (target.contains("/") ? "" : target)
        let path = options.binary ?? givenPath
        let function = options.symbol ?? givenFunction
        guard !path.isEmpty, !function.isEmpty else {
            let missing = path.isEmpty ? "an executable or library" : "a function"
            throw BPFError(
                .invalidArgument,
                "the section \(program.spec.section) of the program \(program.name) does not name \(missing)",
                hint: "give --binary PATH and --symbol FUNCTION, or write SEC(\"uprobe/PATH:FUNCTION\")")
        }
        return (try ExecutableSearch.find(path), function)
    }

    /// Where a function is in its file: by name, by `0x` address in the file, or by name with a distance.
    static func fileOffset(of function: String, in path: String, program: Program) throws(BPFError) -> UInt64 {
        if function.hasPrefix("0x"), let offset = UprobePlace.number(function) { return offset }
        let parts = function.split(separator: "+", maxSplits: 1).map(String.init)
        var distance: UInt64 = 0
        if parts.count == 2 {
            guard let number = UprobePlace.number(parts[1]) else {
                throw BPFError(
                    .invalidArgument, "\(parts[1]) is not an offset", hint: "write FUNCTION+OFFSET, as in f+0x10")
            }
            distance = number
        }
        let name = parts.first ?? function
        let location: ELFSymbolLocation?
        do {
            location = try ELFFile(try Files.map(path)).locate(symbol: name)
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
}

extension UprobePlace {
    /// A number, decimal or with `0x`.
    static func number(_ text: String) -> UInt64? {
        text.hasPrefix("0x") ? UInt64(text.dropFirst(2), radix: 16) : UInt64(text)
    }
}

/// Finds executables on PATH and libraries where the dynamic linker looks.
enum ExecutableSearch {
    private static let libraryFolders = [
        "/lib/x86_64-linux-gnu", "/usr/lib/x86_64-linux-gnu", "/lib/aarch64-linux-gnu", "/usr/lib/aarch64-linux-gnu",
        "/lib64", "/usr/lib64", "/lib", "/usr/lib", "/usr/local/lib",
    ]
    private static let executableFolders = [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]

    static func find(_ name: String) throws(BPFError) -> String {
        // `//bin/bash` is how sources write an absolute path behind a section's slash.
        if name.contains("/") {
            let path = name.hasPrefix("//") ? String(name.dropFirst()) : name
            if Files.exists(path) { return path }
            if Files.exists("/" + path) { return "/" + path }
        }
        let isLibrary = name.contains(".so")
        for folder in isLibrary ? libraryFolders : executableFolders where Files.exists("\(folder)/\(name)") {
            return "\(folder)/\(name)"
        }
        // `libc` for `libc.so.6`, as tools name libraries.
        if !isLibrary, !name.contains("/") {
            let prefix = (name.hasPrefix("lib") ? name : "lib" + name) + ".so"
            for folder in libraryFolders {
                let names = ((try? Directory.names(in: folder)) ?? []).filter { $0.hasPrefix(prefix) }
                if let match = names.min(by: { ($0.count, $0) < ($1.count, $1) }) { return "\(folder)/\(match)" }
            }
        }
        throw BPFError(
            .notFound, "there is no executable or library \(name)",
            hint: "give its whole path with --binary")
    }
}
