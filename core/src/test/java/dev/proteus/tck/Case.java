package dev.proteus.tck;

import dev.proteus.type.Shape;
import java.util.List;
import java.util.stream.Collectors;

/// The shapes of a sample's operands.
public record Case(List<Shape> shapes) {
  public Case {
    shapes = List.copyOf(shapes);
  }

  static Case of(Shape... shapes) {
    return new Case(List.of(shapes));
  }

  /// Whether finite differences take no time.
  boolean isSmall() {
    return shapes.stream().allMatch(s -> s.numel() < 500);
  }

  @Override
  public String toString() {
    String sizes = shapes.stream().map(Shape::toString).collect(Collectors.joining(" "));
    if (shapes.stream().allMatch(s -> s.rank() == 0)) {
      return "scalar";
    }
    return shapes.stream().anyMatch(s -> s.numel() == 0) ? "empty " + sizes : sizes;
  }
}
