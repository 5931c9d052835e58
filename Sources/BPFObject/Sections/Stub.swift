public struct SectionDefinition: Sendable {
    public var name: String
    public var programKind: UInt32
    public var expectedAttachType: UInt32?
    public var loadFlags: UInt32
    public static func find(_ name: String) -> (definition: SectionDefinition, target: String?)? { nil }
}
