package dev.proteus.op;

/// The operator vocabulary: every operator as a method of what it is applied to.
///
/// The families are one interface each: [CreationOps], [PointwiseOps], [ViewOps], [ArrangeOps],
/// [ReduceOps], [OrderOps], [StatisticsOps], [IndexOps], [RandomOps], [SetOps], [LinalgOps],
/// [NnOps], [SpatialOps] and [LossOps].
///
/// @param <T> what operators are applied to
public interface TensorOps<T extends TensorOps<T>>
    extends CreationOps<T>,
        PointwiseOps<T>,
        ViewOps<T>,
        ArrangeOps<T>,
        ReduceOps<T>,
        OrderOps<T>,
        StatisticsOps<T>,
        IndexOps<T>,
        RandomOps<T>,
        SetOps<T>,
        LinalgOps<T>,
        NnOps<T>,
        SpatialOps<T>,
        LossOps<T> {}
