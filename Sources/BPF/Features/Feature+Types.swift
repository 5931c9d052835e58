// SPDX-License-Identifier: Apache-2.0

import Linux

extension Feature {
    /// Kinds of type (BTF) that the kernel takes; a loader leaves the others out of what it hands over.
    public static let types: [Feature] = [
        types("func", "5.0", ProbeTypes.function), types("var_and_datasec", "5.2", ProbeTypes.dataSection),
        types("global_func", "5.6", ProbeTypes.globalFunction), types("float", "5.13", ProbeTypes.float),
        types("decl_tag", "5.16", ProbeTypes.declarationTag), types("type_tag", "5.17", ProbeTypes.typeTag),
        types("enum64", "6.0", ProbeTypes.wideEnumeration),
    ]

    private static func types(_ name: String, _ version: KernelVersion, _ bytes: [UInt8]) -> Feature {
        Feature(.types, name, since: version) {
            var log: VerifierLog?
            do throws(LinuxError) {
                _ = try BPFSystemCall.loadBTF(bytes, log: &log)
                return .available
            } catch {
                return .judge(error)
            }
        }
    }
}
