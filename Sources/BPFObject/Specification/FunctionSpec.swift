// SPDX-License-Identifier: Apache-2.0

public import BPFInstruction
public import BTF

/// A function of an object: a program's entry or a subprogram, with what its instructions refer to.
public struct FunctionSpec: Sendable {
    /// The name of its symbol.
    public var name: String
    /// The section that holds it.
    public var section: String
    /// Where it starts in its section, in bytes.
    public var sectionOffset: Int
    /// Whether other objects can see it; the verifier checks global functions on their own.
    public var isGlobal: Bool
    /// The instructions, one element for each 8 bytes.
    public var instructions: [Instruction]
    /// What instructions refer to, by index of the instruction, in ascending order.
    public var references: [Reference] = []
    /// The type of the function in the object's BTF, if it is known.
    public var type: BTFTypeID?
    /// Which source line each instruction came from, in ascending order; offsets count instructions from the
    /// function's start.
    public var lines: [BTFLineInformation] = []
    /// The CO-RE relocations; offsets count bytes from the section's start.
    public var coreRelocations: [CORERelocation] = []
    /// The function that the kernel calls when an exception ends the program (`exception_callback:NAME`, Linux 6.7).
    public var exceptionCallback: String?

    /// Something that an instruction refers to and that gets its number when the object is loaded.
    public struct Reference: Sendable, Hashable {
        /// The index of the instruction; of the first slot for a wide load.
        public var instruction: Int
        /// What it refers to.
        public var target: Target

        /// What an instruction can refer to.
        public enum Target: Sendable, Hashable {
            /// A wide load of a map.
            case map(String)
            /// A wide load of the address of a variable: a byte offset in the map of a data section.
            case mapValue(map: String, offset: UInt32)
            /// A call of another function of the object.
            case function(String)
            /// A wide load of a function's address, for a callback.
            case functionAddress(String)
            /// A wide load of the address of a variable that the kernel has.
            case external(String)
            /// A call of a function that the kernel has (`kfunc`).
            case kernelFunction(String)
        }
    }
}
