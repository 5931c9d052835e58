// SPDX-License-Identifier: Apache-2.0

import BPFInstruction
import Bytes
import Linux

/// The smallest type information that a probe needs, built by hand: older kernels must take it too.
///
/// A record starts with the name's offset, the kind (bits 24 to 28), the number of members and the kind's flag (bit 31),
/// and a size or type.
enum ProbeTypes {
    private static let int: [UInt32] = [1, 1 << 24, 4, 1 << 24 | 32]

    /// Type 1: `int`.
    static let integer = table(int)

    /// Type 1: `int`; 2: a function without parameters that returns it; 3: a static function `f` of that type.
    static let function = table(int + [0, 13 << 24, 1, 5, 12 << 24, 2])

    /// The same with a global function.
    static let globalFunction = table(int + [0, 13 << 24, 1, 5, 12 << 24 | 1, 2])

    /// Type 2: a static variable; 3: a section that holds it.
    static let dataSection = table(int + [5, 14 << 24, 1, 0, 5, 15 << 24 | 1, 4, 2, 0, 4])

    /// Type 2: a floating-point number.
    static let float = table(int + [5, 16 << 24, 4])

    /// Type 2: a variable; 3: a tag on it.
    static let declarationTag = table(int + [5, 14 << 24, 1, 1, 5, 17 << 24, 2, UInt32.max])

    /// Type 2: a tag on `int`; 3: a pointer to that.
    static let typeTag = table(int + [5, 18 << 24, 1, 0, 2 << 24, 2])

    /// Type 2: an enumeration with one 64-bit value.
    static let wideEnumeration = table(int + [5, 19 << 24 | 1, 8, 5, 0, 1])

    /// Type 2: an attribute on `int`, as a tag; 3: a pointer to that.
    static let attributeTag = table(int + [5, 1 << 31 | 18 << 24, 1, 0, 2 << 24, 2])

    /// Type 3: a function of one argument, a pointer to anything; 4: the global function `f`; 5: the tag that makes its
    /// argument the context; 6: the static function that calls it.
    private static let contextArgument = table(
        int + [0, 2 << 24, 0, 0, 13 << 24 | 1, 1, 5, 2, 5, 12 << 24 | 1, 3, 7, 17 << 24, 4, 0, 5, 12 << 24, 3])

    /// Loads a program that hands its context to a global function, which reads it.
    static func contextTag() -> ProbeOutcome {
        guard case .available = load(contextArgument) else { return .unsupported }
        let code = [
            Instruction(opcode: 0x85, destination: 0, source: 1, offset: 0, immediate: 1), ProbeProgram.exit,
            Instruction(opcode: 0x61, destination: 0, source: 1, offset: 0, immediate: 0), ProbeProgram.exit,
        ]
        var log: VerifierLog?
        do throws(LinuxError) {
            let types = try BPFSystemCall.loadBTF(contextArgument, log: &log)
            var request = ProgramLoad(kind: 3, name: "skep_probe", license: "GPL")
            request.btf = types.rawValue
            for word: UInt32 in [0, 6, 2, 4] { request.functionInformation.append(word, order: .host) }
            request.functionInformationRecordSize = 8
            _ = try BPFSystemCall.loadProgram(
                request, instructions: Instruction.encode(code, order: .host), log: &log)
            return .available
        } catch {
            return error.errno == .notPermitted ? .judge(error) : .unsupported
        }
    }

    /// Hands types to the kernel and takes them back.
    static func load(_ bytes: [UInt8]) -> ProbeOutcome {
        var log: VerifierLog?
        do throws(LinuxError) {
            _ = try BPFSystemCall.loadBTF(bytes, log: &log)
            return .available
        } catch {
            return .judge(error)
        }
    }

    private static func table(_ types: [UInt32]) -> [UInt8] {
        let strings = "\0int\0f\0arg:ctx\0"
        var bytes: [UInt8] = []
        bytes.append(UInt16(0xeb9f), order: .host)
        bytes.append(contentsOf: [1, 0])
        for word in [24, 0, UInt32(types.count * 4), UInt32(types.count * 4), UInt32(strings.utf8.count)] {
            bytes.append(word, order: .host)
        }
        for word in types { bytes.append(word, order: .host) }
        bytes.append(contentsOf: strings.utf8)
        return bytes
    }
}
