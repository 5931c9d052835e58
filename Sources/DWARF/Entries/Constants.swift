// SPDX-License-Identifier: Apache-2.0

/// Kinds of entries (`DW_TAG_*`), DWARF 5 section 7.5.3.
enum Tag {
    static let arrayType: UInt16 = 0x01
    static let classType: UInt16 = 0x02
    static let enumerationType: UInt16 = 0x04
    static let formalParameter: UInt16 = 0x05
    static let lexicalBlock: UInt16 = 0x0b
    static let member: UInt16 = 0x0d
    static let pointerType: UInt16 = 0x0f
    static let referenceType: UInt16 = 0x10
    static let structureType: UInt16 = 0x13
    static let subroutineType: UInt16 = 0x15
    static let typedef: UInt16 = 0x16
    static let unionType: UInt16 = 0x17
    static let unspecifiedParameters: UInt16 = 0x18
    static let inlinedSubroutine: UInt16 = 0x1d
    static let subrangeType: UInt16 = 0x21
    static let baseType: UInt16 = 0x24
    static let constType: UInt16 = 0x26
    static let enumerator: UInt16 = 0x28
    static let subprogram: UInt16 = 0x2e
    static let variable: UInt16 = 0x34
    static let volatileType: UInt16 = 0x35
    static let restrictType: UInt16 = 0x37
    static let unspecifiedType: UInt16 = 0x3b
    static let rvalueReferenceType: UInt16 = 0x42
    static let atomicType: UInt16 = 0x47
}

/// Names of attributes (`DW_AT_*`), DWARF 5 section 7.5.4.
enum Attribute {
    static let location: UInt16 = 0x02
    static let name: UInt16 = 0x03
    static let byteSize: UInt16 = 0x0b
    static let bitOffset: UInt16 = 0x0c
    static let bitSize: UInt16 = 0x0d
    static let statementList: UInt16 = 0x10
    static let lowPC: UInt16 = 0x11
    static let highPC: UInt16 = 0x12
    static let language: UInt16 = 0x13
    static let compilationDirectory: UInt16 = 0x1b
    static let constantValue: UInt16 = 0x1c
    static let producer: UInt16 = 0x25
    static let prototyped: UInt16 = 0x27
    static let upperBound: UInt16 = 0x2f
    static let abstractOrigin: UInt16 = 0x31
    static let count: UInt16 = 0x37
    static let dataMemberLocation: UInt16 = 0x38
    static let declarationFile: UInt16 = 0x3a
    static let declarationLine: UInt16 = 0x3b
    static let declaration: UInt16 = 0x3c
    static let encoding: UInt16 = 0x3e
    static let external: UInt16 = 0x3f
    static let frameBase: UInt16 = 0x40
    static let specification: UInt16 = 0x47
    static let type: UInt16 = 0x49
    static let ranges: UInt16 = 0x55
    static let callFile: UInt16 = 0x58
    static let callLine: UInt16 = 0x59
    static let signature: UInt16 = 0x69
    static let dataBitOffset: UInt16 = 0x6b
    static let linkageName: UInt16 = 0x6e
    static let stringOffsetsBase: UInt16 = 0x72
    static let addressBase: UInt16 = 0x73
    static let rangeListsBase: UInt16 = 0x74
    static let locationListsBase: UInt16 = 0x8c
}

/// How values are stored (`DW_FORM_*`), DWARF 5 section 7.5.6; those that are named elsewhere than where they are read.
enum Form {
    static let implicitConstant: UInt16 = 0x21
    static let indirect: UInt16 = 0x16
}
