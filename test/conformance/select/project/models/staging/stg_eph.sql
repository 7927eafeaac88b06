{{ config(materialized='ephemeral', tags=['eph','nightly']) }} select * from {{ ref('countries') }}
