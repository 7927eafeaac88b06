{% test always_good(model) %} select * from {{ model }} where 1=0 {% endtest %}
{% test dbt_pair(model, other) %} select * from {{ model }}, {{ other }} where 1=0 {% endtest %}
