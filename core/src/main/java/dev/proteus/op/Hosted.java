package dev.proteus.op;

import java.util.List;

/// An operator defined by a function over float64 arrays of the host, usually a library's.
///
/// The engine copies operands to the host, calls [#compute(List)] and copies the results back with
/// the inferred types.
public non-sealed interface Hosted extends Op, Differentiable {
  /// The results, in the order and with the shapes of [#infer(List)].
  List<HostArray> compute(List<HostArray> inputs);
}
