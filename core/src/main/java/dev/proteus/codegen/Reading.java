package dev.proteus.codegen;

import dev.proteus.expr.ExprKey;
import dev.proteus.expr.Step;
import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/// What an expression reads, in the order in which kernels are given it: operands, coordinates,
/// constants.
///
/// @param operands the operands, ascending by number
/// @param axes the axes of the coordinates, ascending
/// @param constants how many constants there are
public record Reading(List<Step.Input> operands, List<Integer> axes, int constants) {
  public Reading {
    operands = List.copyOf(operands);
    axes = List.copyOf(axes);
  }

  /// What the expression of `key` reads.
  public static Reading of(ExprKey key) {
    TreeSet<Step.Input> operands = new TreeSet<>(Comparator.comparingInt(Step.Input::index));
    TreeSet<Integer> axes = new TreeSet<>();
    int constants = 0;
    for (Step step : key.steps()) {
      switch (step) {
        case Step.Input operand -> operands.add(operand);
        case Step.Coord(int axis) -> axes.add(axis);
        case Step.Const(int slot, _) -> constants = Math.max(constants, slot + 1);
        case Step.Cast _, Step.Call _ -> {}
      }
    }
    return new Reading(List.copyOf(operands), List.copyOf(axes), constants);
  }

  /// Operands and coordinates: what moves through a space.
  public int movers() {
    return operands.size() + axes.size();
  }

  /// Parameters for the operands.
  String parameters() {
    return operands.stream()
        .map(x -> "GLOBAL const " + CType.stored(x.dtype()) + "* RESTRICT " + name(x) + ", ")
        .collect(Collectors.joining());
  }

  private static String name(Step.Input operand) {
    return "x" + operand.index();
  }

  /// Prints `key` where `walks` is, with constants from word `first` on.
  Renderer renderer(ExprKey key, Walks walks, int first) {
    return new Renderer(
        key,
        new Renderer.Reader(
            x -> CType.load(x.dtype(), name(x), walks.place(operands.indexOf(x))),
            slot -> "a.v[" + (first + slot) + "]",
            axis -> walks.place(operands.size() + axes.indexOf(axis))));
  }
}
