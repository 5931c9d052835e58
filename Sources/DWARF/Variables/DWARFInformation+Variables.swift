// SPDX-License-Identifier: Apache-2.0

import Synchronization

extension DWARFInformation {
    /// How many scopes one question looks at; real functions have some hundred.
    private static let mostScopes = 1 << 16

    /// The local variables and parameters that are visible at an instruction, those of inlined functions included.
    ///
    /// The innermost scope's come first, and in a scope those declared last.
    ///
    /// - Parameters:
    ///   - section: the index of the section with the code in the ELF file; `nil` in executables.
    ///   - offset: the instruction's byte offset in the section, or its address.
    /// - Complexity: O(log of the number of functions, and the number of scopes in the one that is found).
    /// - Throws: ``DWARFError`` when the entries are malformed, or all questions together look at far more scopes than
    ///   real files have.
    public func variables(inSection section: Int?, at offset: UInt64) throws(DWARFError) -> [DWARFVariable] {
        let address = DWARFAddress(section: section, value: offset)
        var found: [DWARFVariable] = []
        for function in try functions(at: address) {
            try collect(function, at: address, into: &found)
        }
        return Self.sorted(found)
    }

    /// The variables that hold a value which passes through registers, such as the result of a call.
    ///
    /// After `call bpf_ringbuf_reserve` the result is in r0 at the next instruction, and in r6 once that was copied. A
    /// compiler may let the variable begin at any of these, so give all places, in order: for each of them the variables
    /// of its scopes that are in that register then are answered, the first place's first and none twice.
    ///
    /// - Parameters:
    ///   - section: the index of the section with the code in the ELF file; `nil` in executables.
    ///   - places: offsets and the register that holds the value there.
    /// - Throws: ``DWARFError`` when the entries are malformed.
    public func variables(
        inSection section: Int?, holding places: [DWARFRegisterPlace]
    ) throws(DWARFError) -> [DWARFVariable] {
        var found: [DWARFVariable] = []
        for place in places {
            let address = DWARFAddress(section: section, value: place.offset)
            for variable in try variables(inSection: section, at: place.offset) {
                let location = variable.location(at: address)
                guard location == .register(place.register) || location == .registerValue(place.register, offset: 0)
                else { continue }
                let isKnown = found.contains {
                    $0.name == variable.name && $0.line == variable.line && $0.function == variable.function
                }
                if !isKnown { found.append(variable) }
            }
        }
        return found
    }

    private static func sorted(_ variables: [DWARFVariable]) -> [DWARFVariable] {
        variables.enumerated().sorted { left, right in
            let (first, second) = (left.element, right.element)
            if first.depth != second.depth { return first.depth > second.depth }
            if first.line != second.line { return first.line > second.line }
            return left.offset < right.offset
        }.map(\.element)
    }

    /// The functions that have code at an address: one, save in odd files.
    func functions(at address: DWARFAddress) throws(DWARFError) -> [Int] {
        try functionIndex.withLock { (index) throws(DWARFError) -> [Int] in
            if index == nil { index = try FunctionIndex(tree) }
            return try index?.functions(at: address) ?? []
        }
    }

    /// Takes from what may be looked at to answer questions.
    private func spend(_ amount: Int) throws(DWARFError) {
        try functionIndex.withLock { (index) throws(DWARFError) -> Void in try index?.spend(amount) }
    }

    private struct Scope {
        let entry: Int
        let depth: Int
        let function: String
    }

    private func collect(
        _ function: Int, at address: DWARFAddress, into found: inout [DWARFVariable]
    ) throws(DWARFError) {
        let frameRegister = try tree.frameRegister(of: function)
        var open = [Scope(entry: function, depth: 0, function: try tree.inheritedName(of: function))]
        var count = 0
        while let scope = open.popLast() {
            for child in tree.children(of: scope.entry) {
                count += 1
                try spend(1)
                guard count <= Self.mostScopes else {
                    throw DWARFError(
                        .tooLarge, "a function has more than \(Self.mostScopes) scopes and variables",
                        section: ".debug_info", offset: Int(tree.entries[function].offset))
                }
                switch tree.tag(of: child) {
                case Tag.variable, Tag.formalParameter:
                    found.append(try variable(child, in: scope, frameRegister: frameRegister))
                case Tag.lexicalBlock, Tag.inlinedSubroutine:
                    guard try tree.ranges(of: child).contains(where: { $0.contains(address) }) else { continue }
                    let isInlined = tree.tag(of: child) == Tag.inlinedSubroutine
                    let name = isInlined ? try tree.inheritedName(of: child) : scope.function
                    open.append(Scope(entry: child, depth: scope.depth + 1, function: name))
                default: break
                }
            }
        }
    }

    private func variable(
        _ entry: Int, in scope: Scope, frameRegister: Int?
    ) throws(DWARFError) -> DWARFVariable {
        var type = DWARFTypeID.void
        if let found = try tree.inherited(Attribute.type, of: entry) {
            type = DWARFTypeID(entry: try tree.entry(found.value))
        }
        let line = try tree.inherited(Attribute.declarationLine, of: entry)?.value.unsigned ?? 0
        let file = try tree.inherited(Attribute.declarationFile, of: entry)
        let locations = try tree.locations(of: entry, frameRegister: frameRegister)
        let name = try tree.inheritedName(of: entry)
        let path = file.flatMap { self.path(ofFile: $0.value, in: $0.unit) }
        // Variables may share endless names and lists of places.
        let cost = locations.count + (name.utf8.count + (path?.utf8.count ?? 0)) / 16
        try spend(cost)
        return DWARFVariable(
            name: name, type: type, file: path, line: line,
            isParameter: tree.tag(of: entry) == Tag.formalParameter, function: scope.function, depth: scope.depth,
            locations: locations)
    }
}
