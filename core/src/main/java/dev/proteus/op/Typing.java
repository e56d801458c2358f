package dev.proteus.op;

import dev.proteus.error.DTypeException;
import dev.proteus.expr.Expr;
import dev.proteus.type.DType;
import dev.proteus.type.Promotion;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The type to which a [Pointwise] operator converts its operands (rules DT-1 to DT-10).
enum Typing {
  /// The promoted type.
  ARITHMETIC,
  /// The promoted type, which must not be bool.
  NUMERIC,
  /// The promoted type; no operand may be bool (rule DT-10).
  SIGNED,
  /// The promoted type, or the default floating type if that is not floating (rule DT-7).
  REAL,
  /// As [#REAL], but operands with elements must have one type (rule DT-8).
  STRICT,
  /// The promoted type, which must be an integer or bool (rule DT-6).
  BITWISE,
  /// The promoted type, which must be an integer.
  INTEGER,
  /// Bool: whether an operand is not zero (rule DT-6).
  LOGICAL,
  /// The type of the first operand.
  FIRST,
  /// The promoted type of all but the last, a factor of at most their category (rule DT-9).
  SCALED,
  /// The promoted type of all but the first, a condition that must be bool (rule DT-8).
  SELECT(0),
  /// The type of the first operand; the second is a mask that must be bool (rule DT-8).
  MASKED(1);

  private static final int NONE = -1;

  private final int mask;

  Typing() {
    this(NONE);
  }

  Typing(int mask) {
    this.mask = mask;
  }

  /// The operands as expressions of the types that the operator computes with.
  ///
  /// @param name the operator's name for messages
  /// @param real the default floating type
  /// @throws DTypeException if the operator has no meaning for operands of these types
  List<Expr> operands(String name, List<Term> terms, DType real) {
    DType type = type(name, terms, real);
    List<Expr> operands = new ArrayList<>(terms.size());
    int input = 0;
    for (int i = 0; i < terms.size(); i++) {
      operands.add(terms.get(i).as(i == mask ? DType.BOOL : type, input));
      input += terms.get(i).rank() == Term.Rank.HOST ? 0 : 1;
    }
    return operands;
  }

  private DType type(String name, List<Term> terms, DType real) {
    DType first = terms.getFirst().dtype();
    DType promoted = promoted(mask == NONE ? terms : without(terms, mask));
    return switch (this) {
      case ARITHMETIC -> promoted;
      case REAL -> Promotion.floating(promoted, real);
      case LOGICAL -> DType.BOOL;
      case FIRST -> first;
      case NUMERIC ->
          checked(promoted, promoted != DType.BOOL, name, terms, "cast bool to a number first");
      case SIGNED ->
          checked(
              promoted,
              terms.stream().noneMatch(term -> term.dtype() == DType.BOOL),
              name,
              terms,
              "cast bool to a number first, or use logicalXor or logicalNot");
      case STRICT ->
          checked(
              Promotion.floating(promoted, real),
              oneType(terms),
              name,
              terms,
              "they must be the same");
      case BITWISE ->
          checked(promoted, !promoted.isFloating(), name, terms, "cast to integers or bool first");
      case INTEGER ->
          checked(promoted, promoted.isInteger(), name, terms, "cast to integers first");
      case SCALED -> {
        DType scaled = promoted(terms.subList(0, terms.size() - 1));
        boolean fits = terms.getLast().dtype().canCastTo(scaled);
        yield checked(scaled, fits, name, terms, "the factor must not exceed " + scaled);
      }
      case SELECT ->
          checked(promoted, first == DType.BOOL, name, terms, "the condition must be bool");
      case MASKED ->
          checked(first, terms.get(1).dtype() == DType.BOOL, name, terms, "the mask must be bool");
    };
  }

  private static DType checked(
      DType type, boolean fits, String name, List<Term> terms, String wanted) {
    if (!fits) {
      List<DType> types = terms.stream().map(Term::dtype).toList();
      throw new DTypeException(name + ": operands are " + types + "; " + wanted);
    }
    return type;
  }

  private static boolean oneType(List<Term> terms) {
    DType first = terms.getFirst().dtype();
    return terms.stream().allMatch(term -> term.rank() == Term.Rank.HOST || term.dtype() == first);
  }

  private static List<Term> without(List<Term> terms, int index) {
    List<Term> others = new ArrayList<>(terms);
    others.remove(index);
    return others;
  }

  private static DType promoted(List<Term> terms) {
    DType result = null;
    for (Term.Rank rank : Term.Rank.values()) {
      DType type = promoted(terms, rank);
      if (type != null) {
        result = result == null ? type : Promotion.ranked(result, type);
      }
    }
    if (result == null) {
      throw new IllegalArgumentException("promotion: no operands");
    }
    return result;
  }

  private static @Nullable DType promoted(List<Term> terms, Term.Rank rank) {
    DType result = null;
    for (Term term : terms) {
      if (term.rank() == rank) {
        result = result == null ? term.dtype() : Promotion.of(result, term.dtype());
      }
    }
    return result;
  }
}
