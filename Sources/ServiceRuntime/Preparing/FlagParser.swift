// SPDX-License-Identifier: Apache-2.0

public import BPFObject
import Diagnostics
import Schema

/// Reads the flags of a service, which its `const volatile` variables are.
public struct FlagParser {
    private let service: PreparedService

    /// Makes a parser for a service's flags.
    public init(_ service: PreparedService) { self.service = service }

    /// Sets the variables that the arguments name.
    ///
    /// - Returns: whether `--help` was asked for; nothing is set then.
    /// - Throws: ``ServiceError`` when a flag or value does not fit.
    public func apply(_ arguments: [String], to spec: inout ObjectSpec) throws(ServiceError) -> Bool {
        var index = 0
        while index < arguments.count {
            let argument = arguments[index]
            index += 1
            if argument == "--help" || argument == "-h" { return true }
            guard argument.hasPrefix("--"), argument.count > 2 else {
                throw ServiceError(.usage, "\(argument) is not a flag of \(service.name)", hint: list)
            }
            let parts = argument.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = normalised(String(parts[0]))
            if name.hasPrefix("no-"), let parameter = find(String(name.dropFirst(3))), parameter.isBoolean,
                parts.count == 1
            {
                try set(parameter, "false", &spec)
                continue
            }
            guard let parameter = find(name) else {
                throw ServiceError(.usage, "\(service.name) has no flag --\(parts[0])", hint: list)
            }
            if parts.count == 2 {
                try set(parameter, String(parts[1]), &spec)
            } else if parameter.isBoolean {
                try set(parameter, "true", &spec)
            } else {
                guard index < arguments.count else {
                    throw ServiceError(.usage, "--\(parameter.flag) needs a value of type \(parameter.typeName)")
                }
                try set(parameter, arguments[index], &spec)
                index += 1
            }
        }
        return false
    }

    /// Sets a variable from text, whichever section it is in.
    public static func set(_ name: String, _ text: String, in spec: inout ObjectSpec) throws(ServiceError) {
        do {
            guard let variable = spec.variable(named: name), let type = variable.type, let types = spec.types else {
                throw ServiceError(
                    .usage, "there is no variable \(name)",
                    hint: "the service has " + spec.variables.filter(\.isGlobal).map(\.name).joined(separator: ", "))
            }
            let schema = try RowSchema(table: types, type: type, name: name)
            var bytes = try spec.bytes(ofVariable: name)
            if text.contains("="), schema.columns.count > 1 {
                bytes = try schema.bytes(from: text)
            } else {
                try schema.store(text, of: 0, into: &bytes)
            }
            try spec.setVariable(name, bytes: bytes)
        } catch let error as ServiceError {
            throw error
        } catch {
            throw ServiceError(.usage, "\(text) is no value for \(name)", cause: error)
        }
    }

    /// The flags as a help text.
    public var help: String {
        guard !service.parameters.isEmpty else { return "\(service.name) has no flags.\n" }
        var text = "Flags of \(service.name), given behind --:\n"
        let names = service.parameters.map { "--\($0.flag)" + ($0.isBoolean ? "" : " <\($0.typeName)>") }
        let width = min(names.map(\.count).max() ?? 0, 36)
        for (parameter, name) in zip(service.parameters, names) {
            var line = "  " + name + String(repeating: " ", count: max(width - name.count, 0) + 2)
            if let help = parameter.help { line += help + " " }
            line += "(default: \(defaultText(parameter)))"
            text += line + "\n"
        }
        return text
    }

    /// A parameter's value in the object, as text.
    public func defaultText(_ parameter: Parameter) -> String {
        guard let type = parameter.variable.type, let types = service.spec.types,
            let bytes = try? service.spec.bytes(ofVariable: parameter.variable.name),
            let schema = try? RowSchema(table: types, type: type, name: parameter.variable.name)
        else { return "?" }
        return bytes.withUnsafeBytes { buffer in
            schema.value(in: RawSpan(_unsafeBytes: buffer))?.description ?? "?"
        }
    }

    private var list: String {
        service.parameters.isEmpty
            ? "it has no flags" : "its flags are " + service.parameters.map { "--\($0.flag)" }.joined(separator: ", ")
    }

    private func normalised(_ name: String) -> String { name.split(separator: "_").joined(separator: "-") }

    private func find(_ flag: String) -> Parameter? { service.parameters.first { $0.flag == flag } }

    private func set(_ parameter: Parameter, _ text: String, _ spec: inout ObjectSpec) throws(ServiceError) {
        try Self.set(parameter.variable.name, text, in: &spec)
    }
}
