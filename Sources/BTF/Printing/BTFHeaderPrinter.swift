// SPDX-License-Identifier: Apache-2.0

/// Prints types as a C header: `vmlinux.h` for the table of a kernel.
///
/// Every type comes after those it contains, and what it only points to is declared before. A compiler lays the structures
/// out as the table says: gaps, packing and alignment are written where they would come out differently. Loads from them
/// are relocatable (CO-RE) unless the source defines `BPF_NO_PRESERVE_ACCESS_INDEX`; functions that BPF programs may
/// call are declared unless it defines `BPF_NO_KFUNC_PROTOTYPES`.
///
/// ```swift
/// try BTFHeaderPrinter(table).print { chunk in output.write(chunk) }
/// ```
public struct BTFHeaderPrinter {
    /// What to print besides the types.
    public struct Options: Sendable {
        /// The macro that keeps the header from being read twice; `nil` leaves it out.
        public var includeGuard: String? = "__VMLINUX_H__"
        /// Whether loads from the types are relocatable.
        public var preservesAccessIndex = true
        /// Whether kernel functions that BPF programs may call are declared.
        public var declaresKernelFunctions = true

        /// Makes the usual options.
        public init() {}
    }

    private let types: DecodedTypes
    private let options: Options

    /// Makes a printer.
    public init(_ table: BTFTable, options: Options = Options()) {
        types = DecodedTypes(table)
        self.options = options
    }

    /// Prints every type, and the kernel functions.
    ///
    /// - Parameter sink: takes the text in chunks of some 64 KiB.
    /// - Throws: ``BTFError`` when a type is damaged, or types are nested too deeply.
    public func print(into sink: (String) -> Void) throws(BTFError) {
        try print(nil, into: sink)
    }

    /// Prints some types and what they need.
    ///
    /// Types that they only point to are declared but not defined. Kernel functions are not declared.
    public func print(_ ids: [BTFTypeID], into sink: (String) -> Void) throws(BTFError) {
        try print(Optional(ids), into: sink)
    }

    private func print(_ ids: [BTFTypeID]?, into sink: (String) -> Void) throws(BTFError) {
        var order = COrder(try CWriter(types))
        func flush() {
            sink(order.text)
            order.text = ""
        }
        if let name = options.includeGuard { order.text += "#ifndef \(name)\n#define \(name)\n\n" }
        if options.preservesAccessIndex {
            order.text += """
                #ifndef BPF_NO_PRESERVE_ACCESS_INDEX
                #pragma clang attribute push (__attribute__((preserve_access_index)), apply_to = record)
                #endif


                """
        }
        if let ids {
            for id in ids { try order.visit(id, needsDefinition: true) }
        } else {
            for raw in 1..<UInt32(max(types.table.typeCount, 1)) {
                switch types.table.kind(BTFTypeID(raw)) {
                case .structure, .union, .enumeration, .enumeration64, .typedef, .forward:
                    try order.visit(BTFTypeID(raw), needsDefinition: true)
                default: continue
                }
                if order.text.utf8.count > 1 << 16 { flush() }
            }
            try order.writeRemainingEnumerations()
        }
        if options.declaresKernelFunctions, ids == nil { try order.visitKernelFunctions() }
        if options.preservesAccessIndex {
            order.text += "#ifndef BPF_NO_PRESERVE_ACCESS_INDEX\n#pragma clang attribute pop\n#endif\n\n"
        }
        if options.declaresKernelFunctions, ids == nil { try order.writeKernelFunctions() }
        if let name = options.includeGuard { order.text += "#endif /* \(name) */\n" }
        flush()
    }
}
