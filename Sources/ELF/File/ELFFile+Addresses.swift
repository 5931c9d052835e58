// SPDX-License-Identifier: Apache-2.0

extension ELFFile {
    /// The byte offset in the file of an address, as uprobes need it, or `nil` when no loaded segment has it in the file.
    ///
    /// - Parameter address: an address as in the symbol table, without load bias.
    public func fileOffset(ofAddress address: UInt64) -> UInt64? {
        for segment in segments where segment.type == ELFSegment.load && address >= segment.address {
            let distance = address - segment.address
            if distance < segment.fileSize {
                let (offset, overflow) = segment.offset.addingReportingOverflow(distance)
                return overflow ? nil : offset
            }
        }
        return nil
    }

    /// The address, without load bias, of a byte of the file, or `nil` when no loaded segment has it.
    ///
    /// Where several segments map the same byte, an executable one wins.
    public func address(ofFileOffset offset: UInt64) -> UInt64? {
        var found: UInt64?
        for segment in segments where segment.type == ELFSegment.load && offset >= segment.offset {
            let distance = offset - segment.offset
            guard distance < segment.fileSize else { continue }
            let (address, overflow) = segment.address.addingReportingOverflow(distance)
            if overflow { continue }
            if segment.isExecutable { return address }
            if found == nil { found = address }
        }
        return found
    }
}
