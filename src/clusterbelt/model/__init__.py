"""The belt (data only), dimension names, issues found in data, results of stages."""
