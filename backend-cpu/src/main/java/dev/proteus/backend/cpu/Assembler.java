package dev.proteus.backend.cpu;

import dev.proteus.backend.cpu.vector.Comparison;
import dev.proteus.expr.Fn;
import dev.proteus.expr.Step;
import dev.proteus.type.DType;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Turns the steps of an expression into instructions, and finds registers for their values.
final class Assembler {
  final List<Instruction> instructions = new ArrayList<>();
  final List<Instruction.Fill> fills = new ArrayList<>();
  final List<Integer> coordinates = new ArrayList<>();
  private final List<Step> steps;
  private final int[] register;
  private final int[] lastUse;
  private final Map<Bank, Integer> registers = new EnumMap<>(Bank.class);
  private final Map<Bank, BitSet> free = new EnumMap<>(Bank.class);
  private final int inputs;
  private int result;
  private int cost;

  Assembler(List<Step> steps) {
    this.steps = steps;
    this.register = new int[steps.size()];
    this.lastUse = new int[steps.size()];
    for (Bank bank : Bank.values()) {
      registers.put(bank, 0);
      free.put(bank, new BitSet());
    }
    int most = 0;
    for (int i = 0; i < steps.size(); i++) {
      for (int arg : args(steps.get(i))) {
        lastUse[arg] = i;
      }
      if (steps.get(i) instanceof Step.Input(int index, _)) {
        most = Math.max(most, index + 1);
      }
    }
    inputs = most;
  }

  void assemble() {
    for (int i = 0; i < steps.size(); i++) {
      Step step = steps.get(i);
      for (int arg : args(step)) {
        if (lastUse[arg] == i && !(steps.get(arg) instanceof Step.Const)) {
          free(bank(arg)).set(register[arg]);
        }
      }
      register[i] = step instanceof Step.Const ? fresh(bank(i)) : acquire(bank(i));
      emit(step, register[i]);
    }
    int last = steps.size() - 1;
    result = register[last];
    if (steps.getLast() instanceof Step.Const(_, DType dtype)) {
      result = acquire(bank(last));
      instructions.add(new Instruction.Cast(dtype, dtype, register[last], result));
    }
  }

  /// Operands: paths 0 and up. The paths of coordinates follow.
  int inputs() {
    return inputs;
  }

  /// The register of the last step's value. It never holds a constant, so whoever reads it may
  /// overwrite it.
  int result() {
    return result;
  }

  /// Number of registers of a bank.
  int registers(Bank bank) {
    return registers.getOrDefault(bank, 0);
  }

  /// Time for an element, in that of an addition.
  int cost() {
    return Math.max(1, cost);
  }

  private static List<Integer> args(Step step) {
    return switch (step) {
      case Step.Input _, Step.Const _, Step.Coord _ -> List.of();
      case Step.Cast(_, int arg) -> List.of(arg);
      case Step.Call(_, _, List<Integer> args) -> args;
    };
  }

  private Bank bank(int step) {
    return Bank.of(steps.get(step).dtype());
  }

  private BitSet free(Bank bank) {
    return Objects.requireNonNull(free.get(bank));
  }

  private int acquire(Bank bank) {
    BitSet known = free(bank);
    int lowest = known.nextSetBit(0);
    if (lowest < 0) {
      return fresh(bank);
    }
    known.clear(lowest);
    return lowest;
  }

  private int fresh(Bank bank) {
    return registers.merge(bank, 1, Integer::sum) - 1;
  }

  private void emit(Step step, int to) {
    switch (step) {
      case Step.Input(int index, _) -> add(new Instruction.Load(index, to), 1);
      case Step.Coord(int axis) -> {
        add(new Instruction.Load(inputs + coordinates.size(), to), 1);
        coordinates.add(axis);
      }
      case Step.Const(int slot, DType dtype) -> fills.add(new Instruction.Fill(slot, dtype, to));
      case Step.Cast(DType dtype, int arg) ->
          add(new Instruction.Cast(steps.get(arg).dtype(), dtype, register[arg], to), 1);
      case Step.Call(Fn fn, DType dtype, List<Integer> args) -> call(fn, dtype, args, to);
    }
  }

  private void call(Fn fn, DType dtype, List<Integer> args, int to) {
    int a = register[args.getFirst()];
    int b = register[args.get(Math.min(1, args.size() - 1))];
    Bank bank = bank(args.getLast());
    if (fn == Fn.WHERE) {
      add(new Instruction.Select(bank, a, b, register[args.getLast()], to), 1);
    } else if (fn.result() == Fn.Result.BOOL) {
      add(new Instruction.Compare(Comparison.of(fn), bank, a, b, to), 1);
    } else {
      Instruction instruction =
          switch (bank) {
            case FLOATS -> new Instruction.Floats(fn, a, b, to);
            case DOUBLES -> new Instruction.Doubles(fn, a, b, to);
            case INTS -> new Instruction.Ints(fn, dtype, a, b, to);
            case LONGS -> new Instruction.Longs(fn, a, b, to);
          };
      add(instruction, Costs.of(fn, bank));
    }
  }

  private void add(Instruction instruction, int time) {
    instructions.add(instruction);
    cost += time;
  }
}
