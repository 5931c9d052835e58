public import BTF
public import BPFInstruction
public struct CORETarget: Sendable { public init(name: String, table: BTFTable) {} }
public struct CORERelocator { public init(local: BTFTable, target: BTFTable, modules: () -> [CORETarget]) {}
    public struct R { public var isPoisoned: Bool; public var instruction: Int; public var description: String }
  public mutating func relocate(_ i: inout [Instruction], with: [CORERelocation], sectionOffset: UInt32, program: String) throws(CORERelocationError) -> [R] { [] } }
public struct CORERelocationError: Error {}
