// SPDX-License-Identifier: Apache-2.0

import BPFObject
import BTF
import Bytes
import ELF

extension PreparedService {
    /// The service as an object file that says all that was found out about it, so that it needs neither its source nor
    /// debug information to run.
    ///
    /// - Parameter keepingDebugInformation: whether DWARF stays in the file.
    /// - Throws: an error of the file's rewriting.
    public func standaloneObject(keepingDebugInformation: Bool = false) throws -> [UInt8] {
        var rewriter = try ELFRewriter(file)
        if let types = spec.types, let section = file.section(named: ".BTF") {
            rewriter.replace(sectionAt: section.index, with: types.bytes.array)
            // The relocations of the types' extension are applied in place already.
            if let section = file.section(named: ".BTF.ext") {
                rewriter.replace(sectionAt: section.index, with: try file.contents(of: section).array)
            }
        }
        if !keepingDebugInformation { rewriter.dropDebugInformation() }
        return try rewriter.encode()
    }
}
