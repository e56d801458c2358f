package dev.proteus.tensor;

import dev.proteus.error.DeviceMismatchException;
import dev.proteus.op.Gather;
import dev.proteus.op.Op;
import dev.proteus.op.Scatter;
import dev.proteus.type.Device;
import dev.proteus.type.TensorSpec;
import java.util.ArrayList;
import java.util.List;

/// Brings operands to one device, or refuses (rules BC-5, MD-9).
final class Placement {
  private Placement() {}

  /// The device on which operands of one call run.
  static Device of(List<TensorBody> placed) {
    return placed.getFirst().spec().device();
  }

  /// The operands on the device of the first that is not a 0-dim tensor of the CPU.
  ///
  /// @throws DeviceMismatchException if others are elsewhere
  static List<TensorBody> together(Op op, List<TensorBody> inputs) {
    int count = inputs.size();
    if (count < 2) {
      return inputs;
    }
    Device first = inputs.getFirst().spec().device();
    boolean same = true;
    for (int i = 1; i < count; i++) {
      same &= inputs.get(i).spec().device().equals(first);
    }
    return same ? inputs : gathered(op, inputs);
  }

  private static List<TensorBody> gathered(Op op, List<TensorBody> inputs) {
    Device device = leading(inputs);
    List<TensorBody> placed = new ArrayList<>(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      TensorBody input = inputs.get(i);
      if (input.spec().device().equals(device)) {
        placed.add(input);
      } else if (mayJoin(input.spec()) || device.isMeta() && isIndex(op, i)) {
        placed.add(Transfers.move(input, device));
      } else {
        throw new DeviceMismatchException(
            op.name()
                + ": operand "
                + i
                + " is "
                + input.spec()
                + ", others are on "
                + device
                + "; move one with to(Device)");
      }
    }
    return placed;
  }

  private static Device leading(List<TensorBody> inputs) {
    for (TensorBody input : inputs) {
      if (!mayJoin(input.spec())) {
        return input.spec().device();
      }
    }
    return inputs.getFirst().spec().device();
  }

  /// Whether it joins operands elsewhere: a 0-dim tensor of the CPU.
  static boolean mayJoin(TensorSpec input) {
    return input.rank() == 0 && input.device().kind().equals("cpu");
  }

  private static boolean isIndex(Op op, int operand) {
    return operand == 1 && (op instanceof Gather || op instanceof Scatter);
  }
}
