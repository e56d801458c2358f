package dev.proteus.backend.cpu;

import dev.proteus.expr.ExprKey;
import dev.proteus.type.DType;
import java.util.List;
import java.util.Optional;

/// An expression as instructions over registers of one block each: the block interpreter.
///
/// Every instruction does a whole block, so what it costs to choose the next one is spread over a
/// thousand elements, and intermediate values stay in the nearest cache. A register is used again
/// as soon as its value was read last.
final class BlockProgram {
  private final Instruction[] instructions;
  private final List<Instruction.Fill> fills;
  private final int floats;
  private final int doubles;
  private final int ints;
  private final int longs;
  private final int[] coordinates;
  private final int inputs;
  private final DType dtype;
  private final int result;
  private final int cost;
  private final Optional<ScaledSum> scaledSum;

  private BlockProgram(Assembler made, DType dtype, Optional<ScaledSum> scaledSum) {
    this.scaledSum = scaledSum;
    this.instructions = made.instructions.toArray(Instruction[]::new);
    this.fills = List.copyOf(made.fills);
    this.floats = made.registers(Bank.FLOATS);
    this.doubles = made.registers(Bank.DOUBLES);
    this.ints = made.registers(Bank.INTS);
    this.longs = made.registers(Bank.LONGS);
    this.coordinates = made.coordinates.stream().mapToInt(Integer::intValue).toArray();
    this.inputs = made.inputs();
    this.dtype = dtype;
    this.result = made.result();
    this.cost = made.cost();
  }

  /// The program of an expression.
  static BlockProgram of(ExprKey key) {
    Assembler assembler = new Assembler(key.steps());
    assembler.assemble();
    return new BlockProgram(assembler, key.steps().getLast().dtype(), ScaledSum.of(key.steps()));
  }

  /// Computes `n` elements from number `index` of the iteration on; then they are in [#result()].
  void run(Frame frame, long index, int n) {
    frame.moveTo(index);
    for (Instruction instruction : instructions) {
      instruction.run(frame, n);
    }
  }

  /// The function, if the program is one function of operands and constants in float32.
  Optional<Instruction.Floats> singleCall() {
    Instruction last = instructions[instructions.length - 1];
    for (int i = 0; i < instructions.length - 1; i++) {
      if (!(instructions[i] instanceof Instruction.Load)) {
        return Optional.empty();
      }
    }
    return last instanceof Instruction.Floats call ? Optional.of(call) : Optional.empty();
  }

  /// The sum that the program is, if it is a scaled one.
  Optional<ScaledSum> scaledSum() {
    return scaledSum;
  }

  /// Whether the program is its only operand.
  boolean isOperand() {
    return instructions.length == 1
        && instructions[0] instanceof Instruction.Load(int path, _)
        && path < inputs;
  }

  /// The operand that a [#singleCall()] finds in a register, or -1.
  int operandIn(int register) {
    for (Instruction instruction : instructions) {
      if (instruction instanceof Instruction.Load(int path, int to) && to == register) {
        return path < inputs ? path : -1;
      }
    }
    return -1;
  }

  /// The type of the result.
  DType dtype() {
    return dtype;
  }

  /// The register of the result, of the bank of its type.
  int result() {
    return result;
  }

  /// Number of registers of a bank.
  int registers(Bank bank) {
    return switch (bank) {
      case FLOATS -> floats;
      case DOUBLES -> doubles;
      case INTS -> ints;
      case LONGS -> longs;
    };
  }

  /// The constants to be put into registers beforehand.
  List<Instruction.Fill> fills() {
    return fills;
  }

  /// Number of operands: paths 0 and up. The coordinates of [#coordinates()] follow.
  int inputs() {
    return inputs;
  }

  /// The axes whose coordinates are read.
  int[] coordinates() {
    return coordinates;
  }

  /// Time for an element, in that of an addition.
  int cost() {
    return cost;
  }
}
