// SPDX-License-Identifier: Apache-2.0

import Bytes
import Diagnostics
import ELF

/// The sections of the result, and where each section of each object went.
struct LinkSections {
    /// A section of the result.
    struct Output {
        let name: String
        let type: UInt32
        let flags: UInt64
        let entrySize: UInt64
        var alignment: UInt64
        /// The bytes; empty for sections of zeros.
        var bytes: [UInt8] = []
        var size: UInt64 = 0
        /// The objects that have a part in it, for messages.
        var first: String

        var isExecutable: Bool { flags & 0x4 != 0 }

        var description: ELFWriter.Section {
            ELFWriter.Section(
                name: name, contents: type == ELFSection.noBits ? .zeros(size) : .bytes(bytes), type: type,
                flags: flags,
                alignment: alignment, entrySize: entrySize)
        }
    }

    /// Where a section of an object went.
    struct Place {
        let output: Int
        let offset: UInt64
    }

    private(set) var all: [Output] = []
    private var numbers: [String: Int] = [:]
    private var places: [[Place?]] = []
    /// Sections that all objects must agree on, and of which one is kept.
    private static let single: Set<String> = ["license", "version"]

    /// The number of a section of the result.
    func number(named name: String) -> Int? { numbers[name] }

    /// Where a section went; `nil` when it is left out.
    func place(_ section: Int, ofInput input: Int) -> Place? {
        places[input].indices.contains(section) ? places[input][section] : nil
    }

    mutating func add(_ input: LinkInput, number: Int) throws(ObjectError) {
        var list: [Place?] = []
        for section in input.file.sections {
            guard input.isLinked[section.index] else {
                list.append(nil)
                continue
            }
            list.append(try add(section, of: input))
        }
        places.append(list)
    }

    /// Changes a section's bytes in place.
    mutating func withBytes<Result>(of output: Int, _ body: (inout [UInt8]) -> Result) -> Result {
        body(&all[output].bytes)
    }

    private mutating func add(_ section: ELFSection, of input: LinkInput) throws(ObjectError) -> Place? {
        let contents: [UInt8]
        do throws(ELFError) {
            contents = try input.file.contents(of: section).array
        } catch {
            throw ObjectError(
                .malformed, "a section cannot be read", context: [.init("object", input.name)], cause: error)
        }
        let context: [DiagnosticContext] = [
            .init("object", input.name), .init("section", section.name), .init("offset", section.offset),
        ]
        guard let known = numbers[section.name] else {
            numbers[section.name] = all.count
            all.append(
                Output(
                    name: section.name, type: section.type, flags: section.flags, entrySize: section.entrySize,
                    alignment: section.alignment, bytes: contents, size: section.size, first: input.name))
            guard section.size <= UInt64(Int32.max) else {
                throw ObjectError(.unsupported, "a section is larger than 2 GiB", context: context)
            }
            return Place(output: all.count - 1, offset: 0)
        }
        var output = all[known]
        guard output.type == section.type, output.flags == section.flags, output.entrySize == section.entrySize else {
            throw ObjectError(
                .invalidValue, "sections of one name differ in type or flags",
                context: context + [
                    .init("other object", output.first),
                    .init("type and flags", "\(section.type) \(String(section.flags, radix: 16))"),
                    .init("the other's", "\(output.type) \(String(output.flags, radix: 16))"),
                ], hint: "name the sections differently, or give the variables the same qualifiers")
        }
        if Self.single.contains(section.name) {
            guard output.bytes == contents else {
                throw ObjectError(
                    .invalidValue, "the objects have a different \(section.name)",
                    context: context + [
                        .init(section.name, Self.text(contents)), .init("other object", output.first),
                        .init("the other's", Self.text(output.bytes)),
                    ], hint: "one object has one \(section.name); make them the same")
            }
            return nil
        }
        let alignment = max(output.alignment, section.alignment, output.isExecutable ? 8 : 1)
        let offset = (output.size + alignment - 1) / alignment * alignment
        let (size, overflow) = offset.addingReportingOverflow(section.size)
        guard !overflow, size <= UInt64(Int32.max) else {
            throw ObjectError(.unsupported, "the linked section would be larger than 2 GiB", context: context)
        }
        output.alignment = alignment
        output.size = size
        if output.type != ELFSection.noBits {
            // Copied only once: the array below is the only owner.
            all[known].bytes = []
            output.bytes.append(contentsOf: repeatElement(0, count: Int(offset) - output.bytes.count))
            output.bytes.append(contentsOf: contents)
        }
        all[known] = output
        return Place(output: known, offset: offset)
    }

    private static func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.prefix(64).prefix { $0 != 0 }, as: UTF8.self)
    }
}
