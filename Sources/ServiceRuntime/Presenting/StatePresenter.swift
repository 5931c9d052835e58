// SPDX-License-Identifier: Apache-2.0

import BPF
import BPFObject
import BTF
import Bytes
import Linux
import Presentation
import Schema

/// Shows the variables of `.data` and `.bss`: a line each, and histograms of arrays of slots.
struct StatePresenter {
    private let object: LoadedObject
    private let output: ServiceOutput
    private let types: BTFTable
    private let variables: [VariableSpec]

    init?(_ object: LoadedObject, output: ServiceOutput) {
        guard let types = object.spec.types else { return nil }
        self.object = object
        self.output = output
        self.types = types
        variables = object.spec.variables.filter {
            $0.access == .readWrite && $0.type != nil && !$0.name.contains(".") && !$0.name.hasPrefix("__")
        }
    }

    /// Whether there is nothing to show.
    var isEmpty: Bool { variables.isEmpty }

    /// Whether a variable is an array of slots.
    static func histograms(in spec: ObjectSpec) -> Bool {
        guard let types = spec.types else { return false }
        return spec.variables.contains { variable in
            guard variable.access == .readWrite, let type = variable.type else { return false }
            return (try? RowSchema(table: types, type: type, name: variable.name))?.histogramIndex != nil
                || elements(of: type, types, name: variable.name) != nil
        }
    }

    /// The elements of an array of structures with slots, one histogram each.
    private static func elements(of type: BTFTypeID, _ types: BTFTable, name: String) -> (
        schema: RowSchema, count: Int
    )? {
        guard let resolved = try? types.resolve(type), case .array(let array)? = try? types.type(resolved),
            array.count > 0, array.count <= 4096,
            let schema = try? RowSchema(table: types, type: array.element, name: name), schema.isComposite,
            schema.histogramIndex != nil
        else { return nil }
        return (schema, Int(array.count))
    }

    private func showHistograms(
        _ schema: RowSchema, _ count: Int, _ bytes: OwnedBytes, name: String, received: Int64
    ) {
        guard let column = schema.histogramIndex else { return }
        for index in 0..<count {
            let offset = index * schema.size
            guard offset + schema.size <= bytes.span.byteCount else { return }
            let slots = schema.slots(of: column, in: bytes.span.extracting(offset..<(offset + schema.size)))
            guard slots.contains(where: { $0 != 0 }) else { continue }
            HistogramPrinter(options: output.options, sink: output.sink).print(
                Histogram(counts: slots, unit: MapPresenter.unit(of: name, object.spec)), name: "\(name)[\(index)]",
                received: received)
        }
    }

    /// Shows the variables' values now.
    ///
    /// - Parameter onlyHistograms: whether plain variables are left out.
    func show(onlyHistograms: Bool) throws {
        let received = Int64(clamping: Clock.real())
        for variable in variables {
            guard let type = variable.type else { continue }
            let schema = try RowSchema(table: types, type: type, name: variable.name)
            let bytes = OwnedBytes(try object.bytes(ofVariable: variable.name))
            if let (element, count) = Self.elements(of: type, types, name: variable.name) {
                showHistograms(element, count, bytes, name: variable.name, received: received)
                continue
            }
            if let column = schema.histogramIndex {
                let slots = schema.slots(of: column, in: bytes.span)
                guard slots.contains(where: { $0 != 0 }) || !onlyHistograms else { continue }
                HistogramPrinter(options: output.options, sink: output.sink).print(
                    Histogram(counts: slots, unit: MapPresenter.unit(of: variable.name, object.spec)),
                    name: variable.name, received: received)
            } else if !onlyHistograms {
                if output.options.format == .table {
                    let text = schema.value(in: bytes.span)?.description ?? "?"
                    output.sink.write(line: "\(variable.name) = \(text)")
                } else {
                    var options = output.options
                    options.name = "state"
                    _ = try RowPrinter(schema: schema, options: options, sink: output.sink)
                        .write(record: bytes.span, received: received)
                }
            }
        }
        output.sink.wakeUpEnded()
    }
}
