public struct SectionDefinition: Sendable {
    public var name: String
    public var programKind: UInt32
    public var expectedAttachType: UInt32?
    public var loadFlags: UInt32
    public static func find(_ name: String) -> (definition: SectionDefinition, target: String?)? { nil }
}
public import BTF
extension SectionDefinition {
    public var needsKernelType: Bool { false }
    public var kernelTypePrefix: String { "" }
    var x: Int {0}; public var kernelTypeKind: BTFKind { .function }
    public var kernelTargetNoun: String { "" }
}
public struct CORETarget: Sendable { public init(name: String, table: BTFTable) {} }
public struct CORERelocator { public init(local: BTFTable, target: BTFTable, modules: () -> [CORETarget]) {}
    public struct R { public var isPoisoned: Bool; public var instruction: Int; public var description: String }
  public mutating func relocate(_ i: inout [Instruction], with: [CORERelocation], sectionOffset: UInt32, program: String) throws(CORERelocationError) -> [R] { [] } }
public struct CORERelocationError: Error {}
public import BPFInstruction
