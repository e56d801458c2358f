package dev.proteus.tensor;

import dev.proteus.op.Differentiable;
import dev.proteus.op.Op;
import dev.proteus.op.Saved;
import dev.proteus.type.TensorSpec;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One recorded call: how to get from the gradients of its results to those of its operands.
final class Node implements GradTarget {
  private static final AtomicLong SEQUENCE = new AtomicLong();

  private final long sequence = SEQUENCE.getAndIncrement();
  private final String name;
  private final Differentiable rule;
  private final @Nullable Edge[] edges;
  private final List<TensorSpec> inputSpecs;
  private final List<TensorSpec> outputSpecs;
  private @Nullable SavedTensor @Nullable [] inputs;
  private @Nullable SavedTensor @Nullable [] outputs;
  private final @Nullable OutputHooks[] hooks;
  private final boolean savesNothing;
  private final @Nullable Origin origin;

  /// Records `op`; its results are added by [#saveOutputs(Saved, List, Scope)].
  Node(
      Op op,
      Differentiable rule,
      @Nullable Edge[] edges,
      List<TensorBody> operands,
      List<TensorSpec> inputSpecs,
      List<TensorSpec> outputSpecs,
      Saved saved,
      Scope scope) {
    this.origin = scope.recording().detectsAnomaly() ? new Origin(op.name()) : null;
    this.name = op.name();
    this.rule = rule;
    this.edges = edges;
    this.inputSpecs = inputSpecs;
    this.outputSpecs = outputSpecs;
    this.hooks = new OutputHooks[outputSpecs.size()];
    this.savesNothing = saved.equals(Saved.NONE);
    if (!savesNothing) {
      SavedTensor[] kept = new SavedTensor[operands.size()];
      for (int i = 0; i < kept.length; i++) {
        if (saved.input(i)) {
          kept[i] = SavedTensor.of(operands.get(i), edges[i], scope);
        }
      }
      inputs = kept;
      outputs = new SavedTensor[outputSpecs.size()];
    }
  }

  void saveOutputs(Saved saved, List<TensorBody> results, Scope scope) {
    @Nullable SavedTensor[] kept = outputs;
    if (kept == null) {
      return;
    }
    for (int i = 0; i < kept.length; i++) {
      if (saved.output(i)) {
        kept[i] = SavedTensor.of(results.get(i), hasGradient(i) ? new Edge(this, i) : null, scope);
      }
    }
  }

  @Override
  public long sequence() {
    return sequence;
  }

  String name() {
    return name;
  }

  /// Where the call was made, if anomalies are looked for.
  @Nullable Origin origin() {
    return origin;
  }

  Differentiable rule() {
    return rule;
  }

  int inputCount() {
    return inputSpecs.size();
  }

  int outputCount() {
    return outputSpecs.size();
  }

  /// Whether gradients flow from a result.
  boolean hasGradient(int output) {
    return outputSpecs.get(output).dtype().isFloating() && rule.hasGradient(output);
  }

  @Nullable Edge edge(int input) {
    return edges[input];
  }

  TensorSpec inputSpec(int input) {
    return inputSpecs.get(input);
  }

  TensorSpec outputSpec(int output) {
    return outputSpecs.get(output);
  }

  /// Whether saved tensors were freed by an earlier backward pass (rule AG-11).
  boolean isFreed() {
    return !savesNothing && inputs == null;
  }

  @Nullable SavedTensor savedInput(int index) {
    return inputs == null ? null : inputs[index];
  }

  @Nullable SavedTensor savedOutput(int index) {
    return outputs == null ? null : outputs[index];
  }

  /// Lets go of the saved tensors.
  void free() {
    @Nullable SavedTensor[] ins = inputs;
    @Nullable SavedTensor[] outs = outputs;
    inputs = null;
    outputs = null;
    free(ins);
    free(outs);
  }

  private static void free(@Nullable SavedTensor @Nullable [] saved) {
    if (saved == null) {
      return;
    }
    for (SavedTensor tensor : saved) {
      if (tensor != null) {
        tensor.free();
      }
    }
  }

  @Nullable OutputHooks hooks(int output) {
    return hooks[output];
  }

  OutputHooks hooksOrNew(int output) {
    OutputHooks known = hooks[output];
    if (known == null) {
      known = new OutputHooks();
      hooks[output] = known;
    }
    return known;
  }
}
