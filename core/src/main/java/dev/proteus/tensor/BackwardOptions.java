package dev.proteus.tensor;

import java.util.List;
import java.util.Optional;

/// How gradients are computed.
///
/// @param graph what becomes of the graph
/// @param inputs the tensors whose gradients are wanted; empty for all leaves
/// @param unused what the gradient of a wanted tensor is that nothing depends on
public record BackwardOptions(Graph graph, Optional<List<Tensor>> inputs, Unused unused) {
  /// Saved tensors are freed, all leaves accumulate.
  public static final BackwardOptions DEFAULT =
      new BackwardOptions(Graph.FREE, Optional.empty(), Unused.FAIL);

  /// What becomes of the graph that was walked.
  public enum Graph {
    /// Saved tensors are freed as they are used (rule AG-11).
    FREE,
    /// They stay, for another pass.
    RETAIN,
    /// They stay, and the gradients are recorded to be differentiated again (rule AG-15).
    CREATE
  }

  /// What stands for the gradient of a tensor that the outputs do not depend on (rule AG-14).
  public enum Unused {
    /// An error.
    FAIL,
    /// Zeros.
    ZEROS
  }

  public BackwardOptions {
    inputs = inputs.map(List::copyOf);
  }

  public BackwardOptions withGraph(Graph newGraph) {
    return new BackwardOptions(newGraph, inputs, unused);
  }

  public BackwardOptions withInputs(List<Tensor> newInputs) {
    return new BackwardOptions(graph, Optional.of(newInputs), unused);
  }

  public BackwardOptions withUnused(Unused newUnused) {
    return new BackwardOptions(graph, inputs, newUnused);
  }
}
