// SPDX-License-Identifier: Apache-2.0

/// Several attachments that live and end together.
public struct Attachments: ~Copyable, Sendable {
    private var links: [Link.Parts] = []

    /// Starts with none.
    public init() {}

    /// Adds an attachment.
    public mutating func add(_ link: consuming Link) {
        links.append(link.takeParts())
    }

    /// Whether there are none.
    public var isEmpty: Bool { links.isEmpty }

    /// What was attached to, for people.
    public var descriptions: [String] { links.map(\.description) }

    /// How many there are, as a phrase: `2 programs attached`.
    public var summary: String {
        links.count == 1 ? "1 program attached" : "\(links.count) programs attached"
    }

    /// Ends all of them, the last one first.
    public mutating func detach() {
        while links.popLast() != nil {}
    }
}
