// SPDX-License-Identifier: Apache-2.0

/// Demangles Swift names with the run-time library that every Swift program has in it.
enum SwiftName {
    private static let longestAnswer = 8192

    static func demangle(_ name: String) -> String? {
        var mangled = name
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: longestAnswer) { buffer -> String? in
            buffer.initialize(repeating: 0)
            guard let start = buffer.baseAddress else { return nil }
            // With a buffer given, the function cuts its answer to it and allocates nothing.
            var size = UInt(longestAnswer)
            let answer = mangled.withUTF8 { bytes in
                bytes.withMemoryRebound(to: CChar.self) { text in
                    demangleSwiftName(text.baseAddress, UInt(text.count), start, &size, 0)
                }
            }
            guard answer != nil, size <= longestAnswer else { return nil }
            let text = String(cString: start)
            return text.isEmpty ? nil : text
        }
    }
}

/// `swift_demangle` of the run-time library (stdlib/public/runtime/Demangle.cpp).
@_silgen_name("swift_demangle")
private func demangleSwiftName(
    _ name: UnsafePointer<CChar>?, _ length: UInt, _ buffer: UnsafeMutablePointer<CChar>?,
    _ size: UnsafeMutablePointer<UInt>?, _ flags: UInt32
) -> UnsafeMutablePointer<CChar>?
