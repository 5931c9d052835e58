// SPDX-License-Identifier: Apache-2.0

import BPFObject

extension LoadedObject {
    /// Attaches every program whose section says how, and that was loaded.
    ///
    /// Programs that only other programs or maps call are left out.
    ///
    /// - Parameter options: what sections leave open, such as a network interface.
    /// - Returns: the attachments, which end with this value.
    /// - Throws: ``BPFError`` when one cannot be attached; nothing stays attached then.
    public func attach(_ options: AttachOptions = AttachOptions()) throws(BPFError) -> Attachments {
        var attachments = Attachments()
        for program in programs {
            switch program.spec.hook?.family {
            case nil, .xdpMap, .systemCallProgram, .structOps: continue
            case .socketReuseport where options.socket == nil: continue
            default: attachments.add(try program.attach(options))
            }
        }
        for table in structOps { attachments.add(try table.attach()) }
        return attachments
    }

    /// Reads a global variable as the programs see it now.
    ///
    /// ```swift
    /// let seen = try object.value(ofVariable: "seen", as: UInt64.self)
    /// ```
    ///
    /// - Throws: ``BPFError`` when there is no such variable, or its size is not that of the type.
    public func value<Value: BitwiseCopyable>(ofVariable name: String, as type: Value.Type) throws(BPFError) -> Value {
        let bytes = try bytes(ofVariable: name)
        guard bytes.count == MemoryLayout<Value>.size else { throw Self.mismatch(name, bytes.count, Value.self) }
        return bytes.withUnsafeBytes { $0.loadUnaligned(as: Value.self) }
    }

    /// Changes a global variable of `.data` or `.bss` while programs run; they see it at once.
    ///
    /// - Throws: ``BPFError`` when there is no such variable, it is constant, or its size is not that of the value.
    public func setVariable<Value: BitwiseCopyable>(_ name: String, to value: Value) throws(BPFError) {
        try setVariable(name, bytes: withUnsafeBytes(of: value) { [UInt8]($0) })
    }

    private static func mismatch<Value>(_ name: String, _ size: Int, _ type: Value.Type) -> BPFError {
        BPFError(
            .typeMismatch, "variable \(name) has \(size) bytes, but \(type) has \(MemoryLayout<Value>.size)",
            context: [.init("variable", name)])
    }
}
