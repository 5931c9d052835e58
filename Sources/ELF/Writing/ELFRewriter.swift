// SPDX-License-Identifier: Apache-2.0

import Bytes

/// Writes a relocatable ELF file anew, with some sections replaced and some left out.
///
/// Sections and symbols that stay keep their order, and what refers to them (links, relocations, groups) is renumbered.
/// Equal input gives equal output.
///
/// ```swift
/// var rewriter = try ELFRewriter(file)
/// rewriter.dropDebugInformation()
/// rewriter.replace(sectionAt: btf.index, with: newBytes)
/// let object = try rewriter.encode()
/// ```
public struct ELFRewriter {
    let file: ELFFile
    private(set) var replacements: [Int: [UInt8]] = [:]
    private(set) var dropped: Set<Int> = []
    private(set) var additions: [ELFWriter.Section] = []

    /// Starts with all sections of a file as they are.
    ///
    /// LLVM's list of address-significant symbols is always left out: it numbers symbols, and nothing needs it.
    /// - Throws: ``ELFError`` when the file is not relocatable.
    public init(_ file: ELFFile) throws(ELFError) {
        guard file.type == ELFFile.relocatable else {
            throw ELFError(.wrongKind, "only relocatable files can be rewritten, not ELF type \(file.type)", offset: 16)
        }
        if let extended = file.sections.first(where: { $0.type == ELFSection.extendedSymbolIndices }) {
            throw ELFError(
                .unsupported, "files with extended section indices cannot be rewritten", section: extended.name,
                offset: extended.offset)
        }
        self.file = file
        drop { $0.type == ELFSection.addressSignificance || $0.name == ".llvm_addrsig" }
    }

    /// Gives a section new contents. Relocations of the old contents are left out, since their offsets mean nothing now.
    public mutating func replace(sectionAt index: Int, with contents: [UInt8]) {
        replacements[index] = contents
    }

    /// Adds a section of plain bytes behind the others.
    public mutating func add(sectionNamed name: String, contents: [UInt8], alignment: UInt64 = 1) {
        additions.append(ELFWriter.Section(name: name, contents: .bytes(contents), alignment: alignment))
    }

    /// Leaves out the sections that a rule picks, with the relocations that apply to them and the symbols in them.
    public mutating func drop(where isDropped: (ELFSection) -> Bool) {
        for section in file.sections where section.index != 0 && isDropped(section) { dropped.insert(section.index) }
    }

    /// Leaves out DWARF (`.debug_*`), the compiler's comment and the marker for executable stacks.
    public mutating func dropDebugInformation() {
        drop {
            $0.name.hasPrefix(".debug_") || $0.name.hasPrefix(".zdebug_") || $0.name == ".comment"
                || $0.name == ".note.GNU-stack"
        }
    }

    /// The new file's bytes.
    ///
    /// - Throws: ``ELFError`` when something that stays refers to something left out, and when the file is malformed.
    public func encode() throws(ELFError) -> [UInt8] {
        let layout = try ELFRewriteLayout(self)
        return try layout.writer(adding: additions).encode()
    }
}
