// SPDX-License-Identifier: Apache-2.0

public import BPFInstruction
public import BTF

/// A program's entry with all subprograms that it can reach, as one run of instructions.
///
/// Calls between functions are resolved; references to maps, variables and the kernel remain for the loader.
public struct LinkedProgram: Sendable {
    /// The instructions, one element for each 8 bytes: the entry first, then the subprograms.
    public var instructions: [Instruction] = []
    /// What instructions still refer to; indices count from the start of ``instructions``.
    public var references: [FunctionSpec.Reference] = []
    /// Where each function starts.
    public var functions: [Placement] = []

    /// A function's place in a linked program.
    public struct Placement: Sendable {
        /// The function's name.
        public var name: String
        /// The index of its first instruction.
        public var start: Int
        /// The number of its instructions.
        public var count: Int
        /// Its type in the object's BTF.
        public var type: BTFTypeID?
    }

    /// The function that an instruction belongs to.
    public func function(containing instruction: Int) -> Placement? {
        functions.last { $0.start <= instruction }
    }
}

extension ObjectSpec {
    /// Links a program: lays out its entry and every subprogram that it reaches, and resolves the calls between them.
    ///
    /// - Parameter functions: the functions to use instead of the object's own, for instance after CO-RE relocation.
    /// - Throws: ``ObjectError`` when a function is missing or the result is too large.
    /// - Complexity: O(instructions).
    public func link(
        program name: String, functions: [String: FunctionSpec]? = nil
    ) throws(ObjectError) -> LinkedProgram {
        let functions = functions ?? self.functions
        var linked = LinkedProgram()
        var starts: [String: Int] = [:]
        var pending: [(index: Int, target: String)] = []
        var queue = [name]
        var next = 0
        while next < queue.count {
            let functionName = queue[next]
            next += 1
            guard starts[functionName] == nil else { continue }
            guard let function = functions[functionName] else {
                throw ObjectError(
                    .missing, "the program \(name) calls a function \(functionName) that does not exist")
            }
            let start = linked.instructions.count
            // The verifier accepts one million instructions; this bound only guards against absurd objects.
            guard start + function.instructions.count <= 4_000_000 else {
                throw ObjectError(.unsupported, "the program \(name) has more than 4 million instructions")
            }
            starts[functionName] = start
            linked.functions.append(
                .init(name: functionName, start: start, count: function.instructions.count, type: function.type))
            linked.instructions += function.instructions
            if let callback = function.exceptionCallback, functionName == name { queue.append(callback) }
            for reference in function.references {
                let index = start + reference.instruction
                switch reference.target {
                case .function(let target), .functionAddress(let target):
                    pending.append((index, target))
                    queue.append(target)
                default:
                    linked.references.append(.init(instruction: index, target: reference.target))
                }
            }
        }
        for (index, target) in pending {
            guard let start = starts[target], let distance = Int32(exactly: start - index - 1) else {
                throw ObjectError(.invalidValue, "the distance to the function \(target) is too large")
            }
            // BPF_PSEUDO_CALL and BPF_PSEUDO_FUNC: the distance in instructions from the next one.
            linked.instructions[index].source = linked.instructions[index].isCall ? 1 : 4
            linked.instructions[index].immediate = distance
        }
        return linked
    }
}
