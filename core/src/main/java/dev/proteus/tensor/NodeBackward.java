package dev.proteus.tensor;

import dev.proteus.op.Backward;
import dev.proteus.type.TensorSpec;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// One recorded call as its derivative sees it.
final class NodeBackward implements Backward<Tensor> {
  private final Node node;
  private final @Nullable Tensor[] grads;
  private final IntPredicate wanted;
  private final Frame frame;
  private final @Nullable Tensor[] inputs;
  private final @Nullable Tensor[] outputs;

  NodeBackward(Node node, @Nullable Tensor[] grads, IntPredicate wanted, Frame frame) {
    this.node = node;
    this.grads = grads;
    this.wanted = wanted;
    this.frame = frame;
    this.inputs = new Tensor[node.inputCount()];
    this.outputs = new Tensor[node.outputCount()];
  }

  @Override
  public int inputs() {
    return node.inputCount();
  }

  @Override
  public Tensor grad(int index) {
    Tensor grad = grads[index];
    if (grad != null) {
      return grad;
    }
    Tensor any = Arrays.stream(grads).filter(Objects::nonNull).findFirst().orElseThrow();
    Tensor zeros = any.zeros(node.outputSpec(index));
    grads[index] = zeros;
    return zeros;
  }

  @Override
  public Tensor input(int index) {
    return unpacked(inputs, index, node.savedInput(index), "operand ");
  }

  @Override
  public Tensor output(int index) {
    return unpacked(outputs, index, node.savedOutput(index), "result ");
  }

  private Tensor unpacked(
      @Nullable Tensor[] known, int index, @Nullable SavedTensor saved, String what) {
    Tensor tensor = known[index];
    if (tensor == null) {
      if (saved == null) {
        throw new IllegalStateException(
            node.name() + ": its derivative reads " + what + index + ", which saved() leaves out");
      }
      tensor = saved.unpack(node.name());
      frame.add(tensor.body());
      known[index] = tensor;
    }
    return tensor;
  }

  @Override
  public TensorSpec spec(int index) {
    return node.inputSpec(index);
  }

  @Override
  public boolean needs(int index) {
    return wanted.test(index);
  }
}
