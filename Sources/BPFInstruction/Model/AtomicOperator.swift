// SPDX-License-Identifier: Apache-2.0

/// The atomic operators on memory.
public enum AtomicOperator: Hashable, Sendable {
    /// `+=`; with `fetch` the source register receives the old value.
    case add(fetch: Bool)
    /// `|=`.
    case or(fetch: Bool)
    /// `&=`.
    case and(fetch: Bool)
    /// `^=`.
    case xor(fetch: Bool)
    /// The memory and the source register trade values.
    case exchange
    /// The source is stored if the memory equals `r0`; `r0` receives the old value.
    case compareExchange

    /// The immediate that selects it.
    var immediate: Int32 {
        switch self {
        case .add(let fetch): fetch ? 0x01 : 0x00
        case .or(let fetch): fetch ? 0x41 : 0x40
        case .and(let fetch): fetch ? 0x51 : 0x50
        case .xor(let fetch): fetch ? 0xa1 : 0xa0
        case .exchange: 0xe1
        case .compareExchange: 0xf1
        }
    }

    init?(immediate: Int32) {
        switch immediate {
        case 0x00, 0x01: self = .add(fetch: immediate & 1 != 0)
        case 0x40, 0x41: self = .or(fetch: immediate & 1 != 0)
        case 0x50, 0x51: self = .and(fetch: immediate & 1 != 0)
        case 0xa0, 0xa1: self = .xor(fetch: immediate & 1 != 0)
        case 0xe1: self = .exchange
        case 0xf1: self = .compareExchange
        default: return nil
        }
    }
}
