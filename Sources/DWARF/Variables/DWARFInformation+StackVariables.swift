// SPDX-License-Identifier: Apache-2.0

extension DWARFInformation {
    /// The variables of a BPF program that are at a place of its stack, such as the event that is passed as `data`.
    ///
    /// LLVM describes the places of stack objects relative to the lowest address of the function's frame, and nowhere
    /// says how large the frame is. The deepest offset from r10 that the function's instructions use, rounded up to 8,
    /// is its size: give that where it is known. Without it every variable is answered whose place is possible, those of
    /// the wanted size only, if one is given.
    ///
    /// - Parameters:
    ///   - section: the index of the section with the code in the ELF file.
    ///   - offset: the instruction's byte offset in the section.
    ///   - displacement: the place relative to r10, in bytes: negative.
    ///   - size: the size of the object in bytes, when it is known.
    ///   - frameSize: the size of the function's frame in bytes, when it is known.
    /// - Returns: the innermost scope's variables first.
    /// - Throws: ``DWARFError`` when the entries are malformed.
    public func stackVariables(
        inSection section: Int?, at offset: UInt64, displacement: Int64, size: UInt64? = nil, frameSize: UInt64? = nil
    ) throws(DWARFError) -> [DWARFVariable] {
        let address = DWARFAddress(section: section, value: offset)
        var placed: [(variable: DWARFVariable, offset: Int64, size: UInt64)] = []
        for variable in try variables(inSection: section, at: offset) {
            switch variable.location(at: address) {
            case .memory(Self.framePointer, let offset)?, .partlyInMemory(Self.framePointer, let offset)?:
                // The size is not known of types that are malformed, and those match no wanted one.
                placed.append((variable, offset, (try? self.size(of: variable.type)) ?? 0))
            default: break
            }
        }
        // Other compilers count from r10 itself, downwards.
        var found = placed.filter { $0.offset == displacement }
        if found.isEmpty, let frameSize = frameSize.flatMap({ Int64(exactly: $0) }) {
            found = placed.filter { $0.offset &- frameSize == displacement }
        }
        if found.isEmpty, frameSize == nil {
            found = placed.filter { candidate in
                let frame = candidate.offset &- displacement
                guard frame > 0, frame <= Self.largestFrame, frame % 8 == 0 else { return false }
                // All others must fit into a frame of that size too.
                return placed.allSatisfy { other in
                    other.offset >= 0 && other.offset <= frame && other.size <= UInt64(frame - other.offset)
                }
            }
        }
        if let size {
            let exact = found.filter { $0.size == size }
            if !exact.isEmpty || frameSize == nil { found = exact }
        }
        return found.map(\.variable)
    }

    /// r10.
    private static let framePointer = 10
    /// `MAX_BPF_STACK`, include/linux/filter.h.
    private static let largestFrame: Int64 = 512
}

extension DWARFInformation {
    /// The variables in memory at a register plus an offset.
    ///
    /// For BPF's stack (register 10 and a negative offset) this is
    /// ``stackVariables(inSection:at:displacement:size:frameSize:)`` without sizes.
    /// - Throws: ``DWARFError`` when the entries are malformed.
    public func variables(
        inSection section: Int?, at offset: UInt64, inMemoryAt register: Int, offset displacement: Int64
    ) throws(DWARFError) -> [DWARFVariable] {
        if register == Self.framePointer, displacement < 0 {
            return try stackVariables(inSection: section, at: offset, displacement: displacement)
        }
        let address = DWARFAddress(section: section, value: offset)
        return try variables(inSection: section, at: offset).filter {
            $0.location(at: address) == .memory(register: register, offset: displacement)
        }
    }
}
