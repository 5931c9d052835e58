// SPDX-License-Identifier: Apache-2.0

import Schema

/// Reads a filter expression: `||` binds weaker than `&&`, and that weaker than `!`.
struct FilterParser {
    private let expression: String
    private let schema: RowSchema
    private let tokens: [FilterToken]
    private var index = 0
    private var depth = 0

    init(_ expression: String, schema: RowSchema) throws(PresentationError) {
        self.expression = expression
        self.schema = schema
        tokens = try FilterLexer.tokens(expression)
    }

    mutating func parse() throws(PresentationError) -> FilterNode {
        let node = try disjunction()
        guard current.kind == .end else {
            throw failure(.syntax, "the expression should end here or go on with && or ||")
        }
        return node
    }

    private var current: FilterToken { tokens[min(index, tokens.count - 1)] }

    private func failure(
        _ code: PresentationError.Code, _ message: String, at token: FilterToken? = nil, hint: String? = nil
    ) -> PresentationError {
        PresentationError(code, message, in: expression, at: (token ?? current).position, hint: hint)
    }

    private mutating func disjunction() throws(PresentationError) -> FilterNode {
        var node = try conjunction()
        while current.kind == .or {
            index += 1
            node = .or(node, try conjunction())
        }
        return node
    }

    private mutating func conjunction() throws(PresentationError) -> FilterNode {
        var node = try term()
        while current.kind == .and {
            index += 1
            node = .and(node, try term())
        }
        return node
    }

    private mutating func term() throws(PresentationError) -> FilterNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= 64, index <= 4096 else { throw failure(.syntax, "the expression is too long") }
        let token = current
        switch token.kind {
        case .not:
            index += 1
            return .not(try term())
        case .open:
            index += 1
            let node = try disjunction()
            guard current.kind == .close else { throw failure(.syntax, "a ')' is missing here") }
            index += 1
            return node
        case .word(let name):
            index += 1
            return try comparison(of: name, token)
        default: throw failure(.syntax, "a column's name is missing here")
        }
    }

    private mutating func comparison(of name: String, _ token: FilterToken) throws(PresentationError) -> FilterNode {
        let column: Column
        do throws(SchemaError) {
            column = schema.columns[try schema.index(of: name)]
        } catch {
            throw failure(.unknownColumn, error.message, at: token, hint: error.hint)
        }
        guard case .comparison(let comparison) = current.kind else {
            guard let layout = column.layout.integer else {
                throw failure(.typeMismatch, "'\(name)' is no number: say what it should be", at: token)
            }
            return .number(layout, offset: column.offset, .notEqual, 0)
        }
        let sign = current
        index += 1
        let value = current
        switch value.kind {
        case .word(let text), .quoted(let text):
            index += 1
            return try node(column, comparison, sign, text, value)
        default: throw failure(.syntax, "a value is missing here")
        }
    }

    private func node(
        _ column: Column, _ comparison: FilterOperator, _ sign: FilterToken, _ text: String, _ value: FilterToken
    ) throws(PresentationError) -> FilterNode {
        switch (column.meaning, column.layout) {
        case (.internetAddress, .bytes(let count?)):
            return try address(column, count, comparison, sign, text, value)
        case (.hardwareAddress, .bytes(let count?)):
            try require(comparison, isOneOf: [.equal, .notEqual], column, sign)
            guard let bytes = NumberText.hardwareAddress(text) else {
                throw failure(.typeMismatch, "'\(text)' is not an Ethernet address", at: value)
            }
            return .bytes(offset: column.offset, count: count, comparison, bytes)
        case (.arguments, .text(let count)):
            let limit = column.companion.map { schema.columns[$0] }
            return .arguments(
                offset: column.offset, count: count, limit: limit?.layout.integer, limitOffset: limit?.offset ?? 0,
                comparison, Array(text.utf8))
        case (_, .text(let count)):
            return .text(offset: column.offset, count: count, comparison, Array(text.utf8))
        case (_, .bytes(let count)):
            return .bytes(offset: column.offset, count: count, comparison, Array(text.utf8))
        case (_, .float(let layout)):
            try requireOrder(comparison, column, sign)
            guard let number = Double(text) else {
                throw failure(.typeMismatch, "'\(text)' is not a number", at: value)
            }
            return .float(layout, offset: column.offset, comparison, number)
        case (_, .integer(let layout)), (_, .boolean(let layout)), (_, .enumeration(let layout, _)),
            (_, .pointer(let layout)):
            try requireOrder(comparison, column, sign)
            return .number(layout, offset: column.offset, comparison, try number(column, text, value))
        case (_, .array), (_, .structure):
            throw failure(
                .typeMismatch, "'\(column.path)' is an array, which cannot be compared", at: sign)
        }
    }

    private func number(_ column: Column, _ text: String, _ value: FilterToken) throws(PresentationError) -> Int128 {
        if let number = column.number(from: text) { return number }
        var hint: String?
        if case .enumeration(_, let names) = column.layout {
            hint = "it is one of " + names.members.prefix(12).map(\.name).joined(separator: ", ")
        } else if case .duration = column.meaning {
            hint = "write a number with ns, us, ms, s, m or h"
        } else if text.utf8.first.map({ $0 >= 65 }) == true {
            hint = "'\(column.path)' is of type \(column.typeName)"
        }
        throw failure(.typeMismatch, "'\(text)' is not a value of '\(column.path)'", at: value, hint: hint)
    }

    private func address(
        _ column: Column, _ count: Int, _ comparison: FilterOperator, _ sign: FilterToken, _ text: String,
        _ value: FilterToken
    ) throws(PresentationError) -> FilterNode {
        try require(comparison, isOneOf: [.equal, .notEqual], column, sign)
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = InternetAddress(String(first)) else {
            throw failure(.typeMismatch, "'\(text)' is not an IP address", at: value)
        }
        let width = address.isVersion4 ? 32 : 128
        var prefix = width
        if parts.count == 2 {
            guard let length = Int(parts[1]), (0...width).contains(length) else {
                throw failure(.typeMismatch, "'\(parts[1])' is not a length of a network from 0 to \(width)", at: value)
            }
            prefix = length
        }
        let family = column.companion.map { schema.columns[$0] }
        let place = FilterAddress(
            offset: column.offset, count: count, family: family?.layout.integer, familyOffset: family?.offset ?? 0)
        return .address(place, isEqual: comparison == .equal, address, prefix: prefix)
    }

    private func requireOrder(
        _ comparison: FilterOperator, _ column: Column, _ sign: FilterToken
    ) throws(PresentationError) {
        try require(
            comparison, isOneOf: [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual], column, sign)
    }

    private func require(
        _ comparison: FilterOperator, isOneOf allowed: [FilterOperator], _ column: Column, _ sign: FilterToken
    ) throws(PresentationError) {
        guard allowed.contains(comparison) else {
            throw failure(
                .typeMismatch, "'\(comparison.rawValue)' cannot be used with '\(column.path)'", at: sign,
                hint: "use one of " + allowed.map(\.rawValue).joined(separator: " "))
        }
    }
}
