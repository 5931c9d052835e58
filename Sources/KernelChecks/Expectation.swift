// SPDX-License-Identifier: Apache-2.0

/// Something that a check expected and did not find.
public struct UnmetExpectation: Error, CustomStringConvertible {
    /// What was found instead, as one sentence.
    public let description: String
}

/// Ends the check with a failure unless the condition holds.
///
/// - Parameters:
///   - condition: what must hold.
///   - explanation: what was found instead, as one sentence.
func expect(_ condition: Bool, _ explanation: @autoclosure () -> String) throws(UnmetExpectation) {
    if !condition { throw UnmetExpectation(description: explanation()) }
}
